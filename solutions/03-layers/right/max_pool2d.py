"""Right answers, written differently, for `max_pool2d`."""

right(
    "im2col",
    "Unfold a padded picture into columns, one for each window, and sort them.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kernel, pad = pair(kernel_size), pair(padding)
    step = kernel if stride is None else pair(stride)
    for k, s, p, size in zip(kernel, step, pad, x.shape[2:], strict=True):
        if k < 1 or s < 1 or p < 0 or p > k / 2 or size + 2 * p < k:
            raise ValueError("a setting is out of range, or nothing fits")
    lowest = torch.finfo(x.dtype).min
    padded = torch.nn.functional.pad(x, (pad[1], pad[1], pad[0], pad[0]), value=lowest)
    columns = torch.nn.functional.unfold(padded, kernel, stride=step)
    columns = columns.view(x.shape[0], x.shape[1], kernel[0] * kernel[1], -1)
    size = [(padded.shape[2 + i] - kernel[i]) // step[i] + 1 for i in (0, 1)]
    return columns.sort(2).values[:, :, -1].view(*x.shape[:2], *size)
""",
)

right(
    "loops",
    "Loop over the output’s rows and columns, and stack what each window gives.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(kernel_size), pair(padding)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or not 0 <= 2 * ph <= kh or not 0 <= 2 * pw <= kw:
        raise ValueError("a setting is out of range")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    rows = []
    for top in range(-ph, x.shape[2] + ph - kh + 1, sh):
        row = []
        for left in range(-pw, x.shape[3] + pw - kw + 1, sw):
            window = x[:, :, max(0, top) : top + kh, max(0, left) : left + kw]
            row.append(window.flatten(2).max(2).values)
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)
""",
)

right(
    "taps",
    "Loop over the cells of the window: each is a shifted, strided slice of the picture.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0 or 2 * ph > kh or 2 * pw > kw:
        raise ValueError("a setting is out of range")
    n, c, h, w = x.shape
    out_h, out_w = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("no window fits")
    padded = x.new_full((n, c, h + 2 * ph, w + 2 * pw), float("-inf"))
    padded[:, :, ph : ph + h, pw : pw + w] = x
    best = None
    for u in range(kh):
        for v in range(kw):
            cells = padded[:, :, u : u + sh * (out_h - 1) + 1 : sh, v : v + sw * (out_w - 1) + 1 : sw]
            best = cells if best is None else torch.where(cells > best, cells, best)
    return best
""",
)
