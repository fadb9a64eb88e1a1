"""You mixed first and looked then."""

import torch


def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    """Return a depthwise k × k and a pointwise layer as one module, and their share of a full layer's weights."""
    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    looks = torch.nn.Conv2d(c_out, c_out, k, padding=k // 2, groups=c_out, bias=False)
    mixes = torch.nn.Conv2d(c_in, c_out, 1, bias=False)
    share = (c_in * k * k + c_in * c_out) / (c_in * c_out * k * k)
    return torch.nn.Sequential(mixes, looks), share
