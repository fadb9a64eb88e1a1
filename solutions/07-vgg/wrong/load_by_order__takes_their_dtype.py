"""You gave the network the dtype of the tensors, but it keeps its own."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    for given, target in zip(state_dict.values(), own.values(), strict=True):
        if given.shape != target.shape:
            raise ValueError("another shape")
    tensors = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    for (place, target), given in zip(own.items(), state_dict.values(), strict=True):
        tensors[place].data = given.to(target.device).clone()
    return dict(zip(state_dict, own, strict=True))
