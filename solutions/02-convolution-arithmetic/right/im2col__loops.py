"""Cut the windows out one by one, and stack them."""

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
