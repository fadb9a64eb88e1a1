"""A mean is a convolution whose weights are all alike, one filter for each channel."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kernel, pad = pair(kernel_size), pair(padding)
    step = kernel if stride is None else pair(stride)
    for k, s, p, size in zip(kernel, step, pad, x.shape[2:], strict=True):
        if k < 1 or s < 1 or p < 0 or p > k / 2 or size + 2 * p < k:
            raise ValueError("a setting is out of range, or nothing fits")
    c = x.shape[1]
    ones = torch.ones(c, 1, *kernel, dtype=x.dtype, device=x.device)
    sums = torch.nn.functional.conv2d(x, ones, stride=step, padding=pad, groups=c)
    if count_include_pad:
        return sums / (kernel[0] * kernel[1])
    cells = torch.nn.functional.conv2d(torch.ones_like(x), ones, stride=step, padding=pad, groups=c)
    return sums / cells
