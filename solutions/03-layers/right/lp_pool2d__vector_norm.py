"""torch.linalg.vector_norm of each window knows the slope at 0."""

import torch


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kernel = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    step = kernel if stride is None else (stride, stride) if isinstance(stride, int) else stride
    if norm_type < 1 or min(kernel) < 1 or min(step) < 1:
        raise ValueError("a setting is out of range")
    if any(size < k for size, k in zip(x.shape[2:], kernel, strict=True)):
        raise ValueError("no window fits")
    windows = x.unfold(2, kernel[0], step[0]).unfold(3, kernel[1], step[1])
    return torch.linalg.vector_norm(windows, norm_type, dim=(-2, -1))
