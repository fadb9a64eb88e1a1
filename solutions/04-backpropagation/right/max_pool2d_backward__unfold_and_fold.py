"""Cut the windows out with unfold, set the errors at the winners, and add them up with fold."""

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
