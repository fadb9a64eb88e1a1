"""You trusted load_state_dict to test first, but it copies what fits before it complains."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    try:
        net.load_state_dict(dict(zip(own, state_dict.values(), strict=True)))
    except RuntimeError as error:
        raise ValueError(str(error)) from None
    return dict(zip(state_dict, own, strict=True))
