"""Loops over the windows; slow and plain."""

import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    n, c, height, width = x.shape
    rows, columns = (height - kh) // sh + 1, (width - kw) // sw + 1
    values, places = [], []
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw].reshape(n, c, -1)
            at = window.argmax(2)
            values.append(window.gather(2, at[:, :, None])[:, :, 0])
            places.append((i * sh + at // kw) * width + j * sw + at % kw)
    return torch.stack(values, 2).view(n, c, rows, columns), torch.stack(places, 2).view(n, c, rows, columns)
