"""Pooling along one axis is a matrix; transpose the two matrices and multiply from both sides."""

import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    kernel_size, stride, padding = (
        (v, v) if isinstance(v, int) else v for v in (kernel_size, stride or kernel_size, padding)
    )
    sides = []
    for n, k, s, p in zip(in_shape[2:], kernel_size, stride, padding, strict=True):
        start = torch.arange(0, n + 2 * p - k + 1, s)[:, None] - p
        cell = torch.arange(n)
        reads = ((cell >= start) & (cell < start + k)).to(grad_out)
        sides.append(reads / (k if count_include_pad else reads.sum(1, keepdim=True)))
    rows, columns = sides
    if grad_out.shape != (*in_shape[:2], len(rows), len(columns)):
        raise ValueError("grad_out is not of this pooling")
    return rows.T @ grad_out @ columns
