"""Go through the windows one by one, with divmod for the winner's row and column."""

import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    kernel_size, stride, padding = (
        (v, v) if isinstance(v, int) else v for v in (kernel_size, stride or kernel_size, padding)
    )
    sizes = [(a + 2 * p - k) // s + 1 for a, k, s, p in zip(x.shape[2:], kernel_size, stride, padding, strict=True)]
    if list(grad_out.shape) != [*x.shape[:2], *sizes]:
        raise ValueError("grad_out is not of this pooling")
    grad_x = torch.zeros_like(x)
    for i in range(sizes[0]):
        top = i * stride[0] - padding[0]
        rows = slice(max(top, 0), min(top + kernel_size[0], x.shape[2]))
        for j in range(sizes[1]):
            left = j * stride[1] - padding[1]
            columns = slice(max(left, 0), min(left + kernel_size[1], x.shape[3]))
            window = x[:, :, rows, columns]
            winner = torch.nn.functional.one_hot(window.flatten(2).argmax(-1), window[0, 0].numel())
            grad_x[:, :, rows, columns] += winner.view(window.shape) * grad_out[:, :, i, j, None, None]
    return grad_x
