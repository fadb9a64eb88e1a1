"""Right answers, written differently, for `freeze`."""

right(
    "from_the_end",
    "Walks from the end, and freezes once the module has been met.",
    answer="""
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
""",
)

right(
    "walks_once",
    "Looks the module up first, then walks until its last parameter.",
    answer="""
def freeze(net, until):
    module = dict(net.named_modules()).get(until) if until else None
    own = {id(p) for p in module.parameters()} if module is not None else set()
    if not own:
        raise ValueError(f"{until} has no parameters")
    left = len(own)
    for parameter in net.parameters():
        if left == 0:
            break
        parameter.requires_grad = False
        left -= id(parameter) in own
    return [name for name, p in net.named_parameters() if p.requires_grad is False]
""",
)

right(
    "empty_name",
    "Takes the empty name for the network itself, as get_submodule does.",
    answer="""
def freeze(net, until):
    try:
        own = list(net.get_submodule(until).parameters())
    except AttributeError:
        raise ValueError(until) from None
    if not own:
        raise ValueError(until)
    last = id(own[-1])
    for parameter in net.parameters():
        parameter.requires_grad = False
        if id(parameter) == last:
            break
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
""",
)
