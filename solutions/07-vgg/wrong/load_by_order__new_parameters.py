"""You put new parameters in place of the old ones, and an optimizer holds the old ones still."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    for given, target in zip(state_dict.values(), own.values(), strict=True):
        if given.shape != target.shape:
            raise ValueError("another shape")
    values = {
        place: given.to(target.dtype).to(target.device).clone()
        for (place, target), given in zip(own.items(), state_dict.values(), strict=True)
    }
    net.load_state_dict(values, assign=True)
    return dict(zip(state_dict, own, strict=True))
