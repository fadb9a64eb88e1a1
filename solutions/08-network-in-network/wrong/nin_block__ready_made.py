"""You took a ready-made block of torchvision; this task is to write it."""

import torch


def nin_block(c_in, c_out, kernel_size, stride=1, padding=0):
    from torchvision.ops import Conv2dNormActivation

    first = Conv2dNormActivation(c_in, c_out, kernel_size, stride, padding, norm_layer=None, inplace=False)
    rest = [Conv2dNormActivation(c_out, c_out, 1, norm_layer=None, inplace=False) for _ in range(2)]
    return torch.nn.Sequential(first, *rest)
