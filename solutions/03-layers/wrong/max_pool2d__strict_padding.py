"""You refuse a padding of exactly half the window, but every window still sees a real cell then."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph >= kh / 2 > 0.5 or pw >= kw / 2 > 0.5:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
