"""Loop over the output’s rows and columns, and stack what each window gives."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(kernel_size), pair(padding)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or not 0 <= 2 * ph <= kh or not 0 <= 2 * pw <= kw:
        raise ValueError("a setting is out of range")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    rows = []
    for top in range(-ph, x.shape[2] + ph - kh + 1, sh):
        row = []
        for left in range(-pw, x.shape[3] + pw - kw + 1, sw):
            window = x[:, :, max(0, top) : top + kh, max(0, left) : left + kw]
            row.append(window.flatten(2).max(2).values)
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)
