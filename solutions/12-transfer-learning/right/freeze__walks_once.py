"""Looks the module up first, then walks until its last parameter."""


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
