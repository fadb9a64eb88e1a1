"""You copied each tensor as soon as it fitted, so a refusal leaves a network that is half changed."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    for (source, given), (place, target) in zip(state_dict.items(), own.items(), strict=True):
        if given.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
        with torch.no_grad():
            target.copy_(given)
    return dict(zip(state_dict, own, strict=True))
