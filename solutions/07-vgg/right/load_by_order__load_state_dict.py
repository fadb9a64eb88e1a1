"""Shapes are compared first, then load_state_dict copies under new names."""


def load_by_order(net, state_dict):
    names = list(net.state_dict())
    have = [tuple(value.shape) for value in net.state_dict().values()]
    come = [tuple(value.shape) for value in state_dict.values()]
    if have != come:
        raise ValueError("these tensors are of another network")
    net.load_state_dict(dict(zip(names, state_dict.values(), strict=True)))
    return {source: names[number] for number, source in enumerate(state_dict)}
