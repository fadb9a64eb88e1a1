"""You shared the error between equal largest cells; torch gives all of it to the first in reading order."""

import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    height, width = x.shape[2:]
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    rows, columns = grad_out.shape[2:]
    largest = windows.amax((-2, -1))
    grad_padded = torch.zeros_like(padded)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            wins = padded[:, :, down, across] == largest
            grad_padded[:, :, down, across] += wins * grad_out / (windows == largest[..., None, None]).sum((-2, -1))
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
