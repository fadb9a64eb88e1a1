"""Right answers, written differently, for `avg_pool2d`."""

right(
    "convolution",
    "A mean is a convolution whose weights are all alike, one filter for each channel.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kernel, pad = pair(kernel_size), pair(padding)
    step = kernel if stride is None else pair(stride)
    for k, s, p, size in zip(kernel, step, pad, x.shape[2:], strict=True):
        if k < 1 or s < 1 or p < 0 or p > k / 2 or size + 2 * p < k:
            raise ValueError("a setting is out of range, or nothing fits")
    c = x.shape[1]
    ones = torch.ones(c, 1, *kernel, dtype=x.dtype, device=x.device)
    sums = torch.nn.functional.conv2d(x, ones, stride=step, padding=pad, groups=c)
    if count_include_pad:
        return sums / (kernel[0] * kernel[1])
    cells = torch.nn.functional.conv2d(torch.ones_like(x), ones, stride=step, padding=pad, groups=c)
    return sums / cells
""",
)

right(
    "integral_image",
    "Sum once from the corner on, and take each window as the difference of four such sums.",
    answer="""
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
""",
)

right(
    "taps",
    "Add up the cells of the window, each a shifted, strided slice of the picture.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0 or 2 * ph > kh or 2 * pw > kw:
        raise ValueError("a setting is out of range")
    out_h, out_w = (x.shape[2] + 2 * ph - kh) // sh + 1, (x.shape[3] + 2 * pw - kw) // sw + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("no window fits")
    both = torch.nn.functional.pad(torch.cat([x, torch.ones_like(x)], 1), (pw, pw, ph, ph))
    total = 0
    for u in range(kh):
        for v in range(kw):
            total = total + both[:, :, u : u + sh * (out_h - 1) + 1 : sh, v : v + sw * (out_w - 1) + 1 : sw]
    sums, cells = total.chunk(2, 1)
    return sums / (kh * kw) if count_include_pad else sums / cells
""",
)
