"""Right answers, written differently, for `lp_pool2d`."""

right(
    "scaled_by_the_largest",
    "Divide each window by its largest magnitude first, so that no power overflows.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if norm_type < 1 or kh < 1 or kw < 1 or sh < 1 or sw < 1:
        raise ValueError("a setting is out of range")
    if kh > x.shape[2] or kw > x.shape[3]:
        raise ValueError("no window fits")
    windows = x.abs().unfold(2, kh, sh).unfold(3, kw, sw).flatten(4)
    largest = windows.detach().amax(-1, keepdim=True).clamp(min=torch.finfo(x.dtype).tiny)
    sums = (windows / largest).pow(norm_type).sum(-1)
    empty = sums == 0
    return torch.where(empty, sums, torch.where(empty, 1.0, sums) ** (1 / norm_type) * largest[..., 0])
""",
)

right(
    "vector_norm",
    "torch.linalg.vector_norm of each window knows the slope at 0.",
    answer="""
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
""",
)
