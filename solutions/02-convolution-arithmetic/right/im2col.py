"""Right answers, written differently, for `im2col`."""

right(
    "indexing",
    "Compute the row and column of every cell of every window, and index once.",
    answer="""
import torch


def im2col(x: torch.Tensor, kernel_size, stride=1, padding=0) -> torch.Tensor:
    k, s, p = (v if isinstance(v, tuple) else (v, v) for v in (kernel_size, stride, padding))
    if min(k) < 1 or min(s) < 1 or min(p) < 0:
        raise ValueError("a setting is out of range")
    x = torch.nn.functional.pad(x, (p[1], p[1], p[0], p[0]))
    size = [(x.shape[2 + a] - k[a]) // s[a] + 1 for a in (0, 1)]
    if min(size) < 1:
        raise ValueError("no window fits")
    row = torch.arange(k[0])[:, None, None, None] + s[0] * torch.arange(size[0])[:, None]
    column = torch.arange(k[1])[:, None, None] + s[1] * torch.arange(size[1])
    return x[:, :, row.to(x.device), column.to(x.device)].flatten(1, 3).flatten(2)
""",
)

right(
    "loops",
    "Cut the windows out one by one, and stack them.",
    answer="""
import torch


def im2col(x: torch.Tensor, kernel_size, stride=1, padding=0) -> torch.Tensor:
    def pair(value):
        return (value, value) if isinstance(value, int) else value

    (kh, kw), (sh, sw), (ph, pw) = pair(kernel_size), pair(stride), pair(padding)
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or ph < 0 or pw < 0:
        raise ValueError("out of range")
    x = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    columns = []
    for i in range(0, x.shape[2] - kh + 1, sh):
        for j in range(0, x.shape[3] - kw + 1, sw):
            columns.append(x[:, :, i : i + kh, j : j + kw].reshape(x.shape[0], -1))
    if not columns:
        raise ValueError("no window fits")
    return torch.stack(columns, dim=2)
""",
)

right(
    "one_hot_convolution",
    "Let a convolution with one-hot kernels pick each cell of each window.",
    answer="""
import torch


def im2col(x: torch.Tensor, kernel_size, stride=1, padding=0) -> torch.Tensor:
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    sh, sw = (stride,) * 2 if isinstance(stride, int) else stride
    ph, pw = (padding,) * 2 if isinstance(padding, int) else padding
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0 or kh > x.shape[2] + 2 * ph or kw > x.shape[3] + 2 * pw:
        raise ValueError("the kernel does not fit, or a setting is out of range")
    picks = torch.eye(kh * kw, dtype=x.dtype, device=x.device).reshape(kh * kw, 1, kh, kw).repeat(x.shape[1], 1, 1, 1)
    return torch.nn.functional.conv2d(x, picks, stride=(sh, sw), padding=(ph, pw), groups=x.shape[1]).flatten(2)
""",
)
