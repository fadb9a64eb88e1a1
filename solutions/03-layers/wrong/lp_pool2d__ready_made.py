"""You called torch’s own pooling; this task is to write it."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    return torch.nn.functional.lp_pool2d(x.abs(), norm_type, (kh, kw), (sh, sw))
