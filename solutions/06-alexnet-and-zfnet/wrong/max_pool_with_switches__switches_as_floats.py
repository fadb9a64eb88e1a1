"""Your switches are floats; a place is a whole number."""

import torch


def max_pool_with_switches(
    x: torch.Tensor, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the maxima of the windows of ``x`` (N, C, H, W) and where in their channel they were."""
    stride = kernel_size if stride is None else stride
    high, wide = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, right = (stride, stride) if isinstance(stride, int) else stride
    cut = x.unfold(2, high, down).unfold(3, wide, right).flatten(4)
    first = cut.argmax(-1, keepdim=True)
    top = down * torch.arange(cut.shape[2], device=x.device)[:, None]
    left = right * torch.arange(cut.shape[3], device=x.device)
    inside = first[..., 0]
    switches = (top + inside // wide) * x.shape[3] + left + inside % wide
    return cut.gather(-1, first)[..., 0], switches.to(x.dtype)
