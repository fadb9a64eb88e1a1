"""You took the layers of torchvision's MobileNet apart; this task is to write them."""

import torch


def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    from torchvision.ops import Conv2dNormActivation as Part

    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    settings = {"norm_layer": None, "activation_layer": None, "bias": False}
    net = torch.nn.Sequential(Part(c_in, c_in, k, groups=c_in, **settings), Part(c_in, c_out, 1, **settings))
    return net, 1 / c_out + 1 / k**2
