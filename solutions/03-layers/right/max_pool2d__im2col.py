"""Unfold a padded picture into columns, one for each window, and sort them."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kernel, pad = pair(kernel_size), pair(padding)
    step = kernel if stride is None else pair(stride)
    for k, s, p, size in zip(kernel, step, pad, x.shape[2:], strict=True):
        if k < 1 or s < 1 or p < 0 or p > k / 2 or size + 2 * p < k:
            raise ValueError("a setting is out of range, or nothing fits")
    lowest = torch.finfo(x.dtype).min
    padded = torch.nn.functional.pad(x, (pad[1], pad[1], pad[0], pad[0]), value=lowest)
    columns = torch.nn.functional.unfold(padded, kernel, stride=step)
    columns = columns.view(x.shape[0], x.shape[1], kernel[0] * kernel[1], -1)
    size = [(padded.shape[2 + i] - kernel[i]) // step[i] + 1 for i in (0, 1)]
    return columns.sort(2).values[:, :, -1].view(*x.shape[:2], *size)
