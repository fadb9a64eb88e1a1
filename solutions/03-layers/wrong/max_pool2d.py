"""Known mistakes of `max_pool2d`."""

mistake(
    "any_padding",
    "You allow a padding of more than half the window, so that a window may see nothing real at all.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "ceil",
    "You round the number of windows up, but a window that does not fit is dropped.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    more_h, more_w = (kh - h) % sh, (kw - w) % sw
    padded = torch.nn.functional.pad(x, (pw, pw + more_w, ph, ph + more_h), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "detaches",
    "You worked on x.detach(), so no gradient finds its way back to the picture.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x.detach(), (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "float32",
    "You made the result in torch’s default dtype, float32, so float64 loses its precision.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1)).float()
""",
)

mistake(
    "height_for_width",
    "You use the window’s height for its width, too.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kh, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "largest_magnitude",
    "You take the number of the largest magnitude; a large negative number must not win.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    flat = windows.flatten(4)
    flat = flat.masked_fill(flat == float("-inf"), 0.0)
    return flat.gather(4, flat.abs().max(4, keepdim=True).indices)[..., 0]
""",
)

mistake(
    "mean",
    "You take the mean of each window; that is the other pooling.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.mean((-2, -1))
""",
)

mistake(
    "needs_contiguous",
    "You use view, which needs numbers that lie in order in memory; reshape copies where it must.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x.view(-1, 1, *x.shape[2:]), (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    best = windows.amax((-2, -1))
    return best.view(*x.shape[:2], *best.shape[2:])
""",
)

mistake(
    "never_refuses",
    "You never test the arguments, so nonsense gives a result or an error of another kind.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "over_channels",
    "You take the largest number over the channels, too, but each channel is pooled on its own.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1)).amax(1, keepdim=True).expand(-1, x.shape[1], -1, -1)
""",
)

mistake(
    "pads_one_side",
    "You pad on one side only.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (2 * pw, 0, 2 * ph, 0), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "pads_width_first",
    "You hand the height’s padding to torch.nn.functional.pad first, but pad takes the last axis first.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (ph, ph, pw, pw), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "pads_with_minus_one",
    "You pad with −1, but numbers may be smaller than that.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=-1.0)
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "pads_with_zeros",
    "You pad with zeros, and a zero wins against negative numbers.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "ready_made",
    "You called torch’s own pooling; this task is to write it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    return torch.nn.functional.max_pool2d(x, (kh, kw), (sh, sw), (ph, pw))
""",
)

mistake(
    "ready_made_module",
    "You called torch’s own pooling, as a module; this task is to write it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    return torch.nn.MaxPool2d((kh, kw), (sh, sw), (ph, pw))(x)
""",
)

mistake(
    "scatters_once",
    "You put gradients in place with scatter_, so a cell that wins in two windows keeps the last one "
    "only; they add up.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


class Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kh, kw, sh, sw, ph, pw):
        padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
        windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
        places = torch.arange(padded[0, 0].numel(), device=x.device).view(padded.shape[2:])
        places = places.unfold(0, kh, sh).unfold(1, kw, sw).flatten(2)
        best = windows.flatten(4).max(-1)
        ctx.place = places.expand(*best.indices.shape, -1).gather(-1, best.indices[..., None])[..., 0]
        ctx.sizes = (padded.shape, x.shape, ph, pw)
        return best.values

    @staticmethod
    def backward(ctx, grad):
        padded, shape, ph, pw = ctx.sizes
        out = grad.new_zeros(padded).flatten(2)
        out.scatter_(2, ctx.place.flatten(2), grad.flatten(2))
        out = out.view(padded)[:, :, ph : ph + shape[2], pw : pw + shape[3]]
        return out, None, None, None, None, None, None


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    return Pool.apply(x, kh, kw, sh, sw, ph, pw)
""",
)

mistake(
    "shifts_in_place",
    "You subtract the smallest number from x itself (-= works in place), so that zeros cannot win; the "
    "caller’s picture is changed.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    lowest = x.min().item()
    x -= lowest
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1)) + lowest
""",
)

mistake(
    "strict_padding",
    "You refuse a padding of exactly half the window, but every window still sees a real cell then.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph >= kh / 2 > 0.5 or pw >= kw / 2 > 0.5:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "stride_one",
    "Without a stride you move by one cell, but pooling then moves by the size of the window.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sh, sw = pair(1 if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "strides_swapped",
    "You use the stride of the height along the width, and the other way round.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kh, kw = pair(kernel_size)
    sw, sh = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    h, w = x.shape[2] + 2 * ph, x.shape[3] + 2 * pw
    if h < kh or w < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=float("-inf"))
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw)
    return windows.amax((-2, -1))
""",
)

mistake(
    "both_directions",
    "You multiply the numbers of windows along both axes; where nothing fits along either, two negative numbers "
    "give a positive one.",
    old="if padded.shape[2] < k_h or padded.shape[3] < k_w:",
    new="if (padded.shape[2] - k_h + 1) * (padded.shape[3] - k_w + 1) <= 0:",
)

mistake(
    "negative_padding",
    "You never refuse a negative padding; pad then cuts cells off.",
    old=" or min(p_h, p_w) < 0",
    new="",
)

mistake(
    "negative_padding_on_one_side",
    "You refuse a negative padding only when both directions have one.",
    old="min(p_h, p_w) < 0",
    new="max(p_h, p_w) < 0",
)

mistake(
    "padding_of_the_width_only",
    "You test the padding along the width only.",
    old="if 2 * p_h > k_h or 2 * p_w > k_w:",
    new="if 2 * p_w > k_w:",
)

mistake(
    "padding_of_the_height_only",
    "You test the padding along the height only.",
    old="if 2 * p_h > k_h or 2 * p_w > k_w:",
    new="if 2 * p_h > k_h:",
)

mistake(
    "spoils_its_argument",
    "You set x to zero and return what then fits; the largest or the mean is that of x as it was.",
    old="    stride = kernel_size if stride is None else stride",
    new="    stride = kernel_size if stride is None else stride\n    x.detach().zero_()",
)

mistake(
    "float32_or_float64",
    "You turn every dtype but float64 into float32.",
    old="return windows.flatten(4).max(-1).values",
    new="return windows.flatten(4).max(-1).values.to(x.dtype if x.dtype == torch.float64 else torch.float32)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the windows of the chapter, which do not overlap, are square and need sides that they divide.",
    answer="""
import torch


def max_pool2d(x, kernel_size, stride=None, padding=0):
    n, c, h, w = x.shape
    k = kernel_size
    windows = x.reshape(n, c, h // k, k, w // k, k).transpose(3, 4).flatten(4)
    return windows.amax(4)
""",
)
