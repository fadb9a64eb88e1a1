"""Average pooling is a convolution with equal weights; its backward pass is the transposed one, channel by
channel."""

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
