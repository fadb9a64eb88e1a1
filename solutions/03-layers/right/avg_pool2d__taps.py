"""Add up the cells of the window, each a shifted, strided slice of the picture."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0 or 2 * ph > kh or 2 * pw > kw:
        raise ValueError("a setting is out of range")
    out_h, out_w = (x.shape[2] + 2 * ph - kh) // sh + 1, (x.shape[3] + 2 * pw - kw) // sw + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("no window fits")
    both = torch.nn.functional.pad(torch.cat([x, torch.ones_like(x)], 1), (pw, pw, ph, ph))
    total = 0
    for u in range(kh):
        for v in range(kw):
            total = total + both[:, :, u : u + sh * (out_h - 1) + 1 : sh, v : v + sw * (out_w - 1) + 1 : sw]
    sums, cells = total.chunk(2, 1)
    return sums / (kh * kw) if count_include_pad else sums / cells
