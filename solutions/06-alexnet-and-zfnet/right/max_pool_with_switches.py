"""Right answers, written differently, for `max_pool_with_switches`."""

right(
    "four_loops",
    "Loops over the windows; slow and plain.",
    answer="""
import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    n, c, height, width = x.shape
    rows, columns = (height - kh) // sh + 1, (width - kw) // sw + 1
    values, places = [], []
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw].reshape(n, c, -1)
            at = window.argmax(2)
            values.append(window.gather(2, at[:, :, None])[:, :, 0])
            places.append((i * sh + at // kw) * width + j * sw + at % kw)
    return torch.stack(values, 2).view(n, c, rows, columns), torch.stack(places, 2).view(n, c, rows, columns)
""",
)

right(
    "shifted_pictures",
    "One shifted copy for each cell of the window; a later one wins only if it is greater.",
    answer="""
import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    def pair(v):
        return (v, v) if isinstance(v, int) else tuple(v)

    (kh, kw), (sh, sw) = pair(kernel_size), pair(kernel_size if stride is None else stride)
    height, width = x.shape[2:]
    rows, columns = (height - kh) // sh + 1, (width - kw) // sw + 1
    number = torch.arange(height * width, device=x.device).view(1, 1, height, width).expand(x.shape)
    best = where = None
    for i in range(kh):
        for j in range(kw):
            cells = (..., slice(i, i + sh * (rows - 1) + 1, sh), slice(j, j + sw * (columns - 1) + 1, sw))
            if best is None:
                best, where = x[cells], number[cells]
            else:
                better = x[cells] > best
                best, where = torch.where(better, x[cells], best), torch.where(better, number[cells], where)
    return best, where.contiguous()
""",
)

right(
    "unfold_of_torch",
    "Columns of windows by F.unfold, the numbers of the pixels likewise.",
    answer="""
import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    f, (n, c, height, width) = torch.nn.functional, x.shape
    stride = kernel_size if stride is None else stride
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    step = stride if isinstance(stride, tuple) else (stride,) * 2
    rows, columns = ((size - k) // s + 1 for size, k, s in zip((height, width), kernel, step, strict=True))
    windows = f.unfold(x.reshape(n * c, 1, height, width), kernel, stride=step)
    numbers = torch.arange(height * width, device=x.device, dtype=torch.float64).view(1, 1, height, width)
    numbers = f.unfold(numbers, kernel, stride=step).long()
    at = windows.argmax(1, keepdim=True)
    places = numbers.expand(n * c, -1, -1).gather(1, at)
    return windows.gather(1, at).view(n, c, rows, columns), places.view(n, c, rows, columns)
""",
)
