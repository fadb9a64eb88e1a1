"""You reshaped without moving the axes first; reshape keeps the order in memory, so the numbers end up in the
wrong places."""

import torch


def im2col(
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    """Return the windows of ``x`` (N, C, H, W) as the columns of a tensor (N, C · kH · kW, L)."""
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding)
    )
    if min(k_h, k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:
        raise ValueError("kernel_size and stride are at least 1, padding at least 0")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("the kernel does not fit")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
