"""Right answers, written differently, for `load_by_order`."""

right(
    "load_state_dict",
    "Shapes are compared first, then load_state_dict copies under new names.",
    answer="""
def load_by_order(net, state_dict):
    names = list(net.state_dict())
    have = [tuple(value.shape) for value in net.state_dict().values()]
    come = [tuple(value.shape) for value in state_dict.values()]
    if have != come:
        raise ValueError("these tensors are of another network")
    net.load_state_dict(dict(zip(names, state_dict.values(), strict=True)))
    return {source: names[number] for number, source in enumerate(state_dict)}
""",
)

right(
    "saves_and_restores",
    "Everything is copied while it fits; at the first misfit the old values are put back.",
    answer="""
def load_by_order(net, state_dict):
    own = net.state_dict()
    old = [value.clone() for value in own.values()]
    places = iter(own.items())
    mapping = {}
    try:
        for source, given in state_dict.items():
            place, target = next(places)
            if tuple(target.shape) != tuple(given.shape):
                raise ValueError(f"{source} has shape {tuple(given.shape)}, {place} has {tuple(target.shape)}")
            target.detach().copy_(given.to(target.dtype))
            mapping[source] = place
        if len(mapping) < len(own):
            raise ValueError("there are too few tensors")
    except (ValueError, StopIteration) as error:
        for target, before in zip(own.values(), old, strict=True):
            target.copy_(before)
        raise ValueError(str(error) or "there are too many tensors") from None
    return mapping
""",
)
