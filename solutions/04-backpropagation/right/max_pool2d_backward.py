"""Right answers, written differently, for `max_pool2d_backward`."""

right(
    "best_so_far",
    "Loop over the taps in reading order, and remember which one was the best so far.",
    answer="""
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
""",
)

right(
    "unfold_and_fold",
    "Cut the windows out with unfold, set the errors at the winners, and add them up with fold.",
    answer="""
import torch
from torch.nn import functional as F


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (kh, kw), (sh, sw), (ph, pw) = [
        (v, v) if isinstance(v, int) else v for v in (kernel_size, kernel_size if stride is None else stride, padding)
    ]
    n, c = x.shape[:2]
    padded = F.pad(x, (pw, pw, ph, ph), value=torch.finfo(x.dtype).min)
    size = (padded.shape[2] - kh) // sh + 1, (padded.shape[3] - kw) // sw + 1
    if grad_out.shape != (n, c, *size):
        raise ValueError("grad_out is not of this pooling")
    windows = F.unfold(padded, (kh, kw), stride=(sh, sw)).reshape(n, c, kh * kw, -1)
    winner = windows.argmax(2, keepdim=True)
    errors = torch.zeros_like(windows).scatter(2, winner, grad_out.reshape(n, c, 1, -1))
    told = F.fold(errors.flatten(1, 2), padded.shape[2:], (kh, kw), stride=(sh, sw))
    return told[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]
""",
)

right(
    "window_by_window",
    "Go through the windows one by one, with divmod for the winner's row and column.",
    answer="""
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
""",
)
