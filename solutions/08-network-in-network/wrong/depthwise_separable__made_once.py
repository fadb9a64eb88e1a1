"""You made the layers once, outside of the function, and all modules share them."""

import torch

MADE = {}


def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    if (c_in, c_out, k) not in MADE:
        looks = torch.nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)
        MADE[c_in, c_out, k] = torch.nn.Sequential(looks, torch.nn.Conv2d(c_in, c_out, 1, bias=False))
    return MADE[c_in, c_out, k], 1 / c_out + 1 / k**2
