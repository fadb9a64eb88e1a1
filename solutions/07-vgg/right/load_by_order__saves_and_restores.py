"""Everything is copied while it fits; at the first misfit the old values are put back."""


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
