"""Make the layer without memory (device "meta") and read the shapes of its weight and result."""

import torch


def conv_macs(in_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    numbers = [kernel_size, stride, dilation]
    flat = [n for value in numbers for n in (value if isinstance(value, tuple) else (value,))]
    pads = padding if isinstance(padding, tuple) else (padding,)
    if min(*flat, groups, c_out, *in_shape) < 1 or min(pads) < 0:
        raise ValueError("an argument is out of range")
    if in_shape[0] % groups or c_out % groups:
        raise ValueError("groups must divide the channels")
    layer = torch.nn.Conv2d(in_shape[0], c_out, kernel_size, stride, padding, dilation, groups, device="meta")
    try:
        result = layer(torch.empty(1, *in_shape, device="meta"))
    except RuntimeError as error:
        raise ValueError("no window fits") from error
    return result.numel() * layer.weight[0].numel()
