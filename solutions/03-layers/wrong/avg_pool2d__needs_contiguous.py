"""You use view, which needs numbers that lie in order in memory; reshape copies where it must."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    planes = x.view(-1, 1, *x.shape[2:])
    padded = torch.nn.functional.pad(planes, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    sums = sums.view(*x.shape[:2], *sums.shape[2:])
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
