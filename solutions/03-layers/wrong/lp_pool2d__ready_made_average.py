"""You used torch’s average pooling for the sum; cut the windows out yourself."""

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
    powers = x.abs().pow(norm_type)
    sums = torch.nn.functional.avg_pool2d(powers, (kh, kw), (sh, sw)) * kh * kw
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
