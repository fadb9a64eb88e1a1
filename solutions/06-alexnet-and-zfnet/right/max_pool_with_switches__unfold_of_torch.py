"""Columns of windows by F.unfold, the numbers of the pixels likewise."""

import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    f, (n, c, height, width) = torch.nn.functional, x.shape
    stride = kernel_size if stride is None else stride
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    step = stride if isinstance(stride, tuple) else (stride,) * 2
    rows, columns = ((size - k) // s + 1 for size, k, s in zip((height, width), kernel, step, strict=True))
    windows = f.unfold(x.reshape(n * c, 1, height, width), kernel, stride=step)
    numbers = torch.arange(height * width, device=x.device, dtype=torch.float64).view(1, 1, height, width)
    numbers = f.unfold(numbers, kernel, stride=step).long()
    at = windows.argmax(1, keepdim=True)
    places = numbers.expand(n * c, -1, -1).gather(1, at)
    return windows.gather(1, at).view(n, c, rows, columns), places.view(n, c, rows, columns)
