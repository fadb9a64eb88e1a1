"""You divided by the number of picture cells also with count_include_pad=True, torch's default."""

import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    """Return the gradient of average pooling with respect to its input of shape ``in_shape`` (N, C, H, W)."""
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = in_shape
    tall, wide = height + 2 * p_h, width + 2 * p_w
    rows, columns = (tall - k_h) // s_h + 1, (wide - k_w) // s_w + 1
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
    cells = grad_out.new_ones(tall, wide)
    cells.zero_()[p_h : p_h + height, p_w : p_w + width] = 1
    share = grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1))
    grad_padded = grad_out.new_zeros(n, c, tall, wide)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_padded[:, :, down, across] += share
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
