"""You look for the switch with the value of the maximum in the whole channel, and find it in another window."""

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
    maxima = cut.amax(-1).flatten(2)
    switches = (x.flatten(2)[:, :, None] == maxima[..., None]).int().argmax(-1).view(first.shape[:-1])
    return cut.gather(-1, first)[..., 0], switches
