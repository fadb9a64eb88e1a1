"""Sum once from the corner on, and take each window as the difference of four such sums."""

import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    (kh, kw), (ph, pw) = pair(kernel_size), pair(padding)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or not 0 <= 2 * ph <= kh or not 0 <= 2 * pw <= kw:
        raise ValueError("a setting is out of range")
    h, w = x.shape[2:]
    if h + 2 * ph < kh or w + 2 * pw < kw:
        raise ValueError("no window fits")
    total = torch.nn.functional.pad(x.double().cumsum(2).cumsum(3), (1, 0, 1, 0))
    top = torch.arange(-ph, h + ph - kh + 1, sh, device=x.device)
    left = torch.arange(-pw, w + pw - kw + 1, sw, device=x.device)
    y0, y1 = top.clamp(min=0)[:, None], (top + kh).clamp(max=h)[:, None]
    x0, x1 = left.clamp(min=0), (left + kw).clamp(max=w)
    sums = total[..., y1, x1] - total[..., y0, x1] - total[..., y1, x0] + total[..., y0, x0]
    cells = kh * kw if count_include_pad else (y1 - y0) * (x1 - x0)
    return (sums / cells).to(x.dtype)
