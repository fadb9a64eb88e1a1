"""You copied each share into a block of kernel size, which leaves no place for windows that overlap, leave gaps or
leave a rest."""

import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = in_shape
    if tuple(grad_out.shape) != (n, c, (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1):
        raise ValueError("grad_out is not of this pooling")
    share = grad_out / (k_h * k_w)
    return share.repeat_interleave(k_h, 2).repeat_interleave(k_w, 3)
