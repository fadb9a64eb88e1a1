"""Walks from the end, and freezes once the module has been met."""


def freeze(net, until):
    pairs = list(net.named_parameters())
    prefix = f"{until}."
    if until == "" or all(not name.startswith(prefix) for name, _ in pairs):
        raise ValueError("unknown module")
    met = False
    for name, parameter in reversed(pairs):
        met |= name.startswith(prefix)
        if met:
            parameter.requires_grad_(False)
    return [name for name, parameter in pairs if not parameter.requires_grad]
