"""You made the buffer without dtype=x.dtype; it is float32 whatever x is."""

import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    """Return the gradient of max pooling with respect to ``x`` (N, C, H, W)."""
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = x.shape
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    rows, columns = (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    winner = windows.reshape(n, c, rows, columns, k_h * k_w).argmax(-1)
    first_row = torch.arange(rows, device=x.device)[:, None] * s_h
    first_column = torch.arange(columns, device=x.device) * s_w
    row, column = first_row + winner // k_w, first_column + winner % k_w
    cell = (row * padded.shape[3] + column).flatten(2)
    grad_padded = torch.zeros(padded.shape).flatten(2).scatter_add(2, cell, grad_out.float().flatten(2))
    return grad_padded.view_as(padded)[:, :, p_h : p_h + height, p_w : p_w + width]
