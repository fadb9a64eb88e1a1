"""Loop over the taps in reading order, and remember which one was the best so far."""

import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    if stride is None:
        stride = kernel_size
    (kh, kw), (sh, sw), (ph, pw) = [(v, v) if type(v) is int else v for v in (kernel_size, stride, padding)]
    h, w = (x.shape[2] + 2 * ph - kh) // sh + 1, (x.shape[3] + 2 * pw - kw) // sw + 1
    if grad_out.shape != (*x.shape[:2], h, w):
        raise ValueError("grad_out is not of this pooling")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    taps = [
        (..., slice(u, u + sh * (h - 1) + 1, sh), slice(v, v + sw * (w - 1) + 1, sw))
        for u in range(kh)
        for v in range(kw)
    ]
    best = padded[taps[0]].clone()
    winner = torch.zeros_like(best, dtype=torch.long)
    for number, tap in enumerate(taps):
        better = padded[tap] > best
        best = torch.where(better, padded[tap], best)
        winner[better] = number
    told = torch.zeros_like(padded)
    for number, tap in enumerate(taps):
        told[tap] += torch.where(winner == number, grad_out, 0)
    return told[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]
