"""You had frozen everything before you found that there is no such module."""


def freeze(net, until):
    seen = done = False
    for name, parameter in net.named_parameters():
        inside = bool(until) and name.startswith(until + ".")
        done = done or (seen and not inside)
        seen = seen or inside
        if not done:
            parameter.requires_grad_(False)
    if not seen:
        raise ValueError(until)
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
