"""Right answers, written differently, for `avg_pool2d_backward`."""

right(
    "one_matrix_for_each_axis",
    "Pooling along one axis is a matrix; transpose the two matrices and multiply from both sides.",
    answer="""
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
""",
)

right(
    "transposed_convolution",
    "Average pooling is a convolution with equal weights; its backward pass is the transposed one, channel by channel.",
    answer="""
import torch
from torch.nn import functional as F


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    (kh, kw), (sh, sw), (ph, pw) = [
        (v, v) if isinstance(v, int) else v for v in (kernel_size, kernel_size if stride is None else stride, padding)
    ]
    n, c, h, w = in_shape
    rest = (h + 2 * ph - kh) % sh, (w + 2 * pw - kw) % sw
    size = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    if grad_out.shape != (n, c, *size):
        raise ValueError("grad_out is not of this pooling")
    ones = grad_out.new_ones(1, 1, kh, kw)
    picture = grad_out.new_ones(1, 1, h, w)
    counted = F.conv2d(picture, ones, stride=(sh, sw), padding=(ph, pw))
    share = grad_out / (kh * kw if count_include_pad else counted)
    told = F.conv_transpose2d(
        share.reshape(n * c, 1, *size), ones, stride=(sh, sw), padding=(ph, pw), output_padding=rest
    )
    return told.reshape(in_shape)
""",
)

right(
    "window_by_window",
    "Go through the windows one by one, and add each one's share.",
    answer="""
import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    (kh, kw), (sh, sw), (ph, pw) = [
        (v, v) if type(v) is int else v for v in (kernel_size, stride or kernel_size, padding)
    ]
    h, w = in_shape[2:]
    size = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    if grad_out.shape != (*in_shape[:2], *size):
        raise ValueError("grad_out is not of this pooling")
    told = torch.zeros(in_shape, dtype=grad_out.dtype, device=grad_out.device)
    for i in range(size[0]):
        for j in range(size[1]):
            top, left = i * sh - ph, j * sw - pw
            window = told[:, :, max(top, 0) : top + kh, max(left, 0) : left + kw]
            cells = kh * kw if count_include_pad else window[0, 0].numel()
            window += grad_out[:, :, i, j, None, None] / cells
    return told
""",
)
