"""Compute both directions at once with numpy, and round down with floor."""

import numpy as np


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    given = (n, kernel_size, stride, padding, dilation)
    n, kernel_size, stride, padding, dilation = (np.broadcast_to(value, 2).astype(float) for value in given)
    if min(n.min(), kernel_size.min(), stride.min(), dilation.min()) < 1 or padding.min() < 0:
        raise ValueError("arguments out of range")
    reach = dilation * (kernel_size - 1) + 1
    size = np.floor((n + 2 * padding - reach) / stride) + 1
    if (size < 1).any():
        raise ValueError("the kernel is larger than the padded input")
    height, width = (int(value) for value in size)
    return height if all(np.ndim(value) == 0 for value in given) else (height, width)
