"""Let a convolution with one-hot kernels pick each cell of each window."""

import torch


def im2col(x: torch.Tensor, kernel_size, stride=1, padding=0) -> torch.Tensor:
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    sh, sw = (stride,) * 2 if isinstance(stride, int) else stride
    ph, pw = (padding,) * 2 if isinstance(padding, int) else padding
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0 or kh > x.shape[2] + 2 * ph or kw > x.shape[3] + 2 * pw:
        raise ValueError("the kernel does not fit, or a setting is out of range")
    picks = torch.eye(kh * kw, dtype=x.dtype, device=x.device).reshape(kh * kw, 1, kh, kw).repeat(x.shape[1], 1, 1, 1)
    return torch.nn.functional.conv2d(x, picks, stride=(sh, sw), padding=(ph, pw), groups=x.shape[1]).flatten(2)
