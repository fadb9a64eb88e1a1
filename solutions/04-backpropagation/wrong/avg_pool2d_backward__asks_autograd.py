"""You ran torch's average pooling and asked autograd for its gradient, which is the very thing to write here."""

import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    x = torch.zeros(in_shape, dtype=grad_out.dtype, device=grad_out.device, requires_grad=True)
    y = torch.nn.functional.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
    if y.shape != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    return torch.autograd.grad(y, x, grad_out)[0]
