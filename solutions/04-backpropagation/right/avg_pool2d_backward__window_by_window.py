"""Go through the windows one by one, and add each one's share."""

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
