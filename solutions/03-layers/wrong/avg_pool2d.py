"""Known mistakes of `avg_pool2d`."""

mistake(
    "always_counts_padding",
    "You divide by the window’s size in both cases, so count_include_pad changes nothing.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    return sums / (kh * kw)
""",
)

mistake(
    "counts_inverted",
    "You have the two cases of count_include_pad the wrong way round.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if not count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "counts_nonzero",
    "You count the cells that are not 0 in place of those that are real; a real cell may hold 0.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = (padded != 0).to(x.dtype)
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1)).clamp(min=1)
""",
)

mistake(
    "detaches",
    "You worked on x.detach(), so no gradient finds its way back to the picture.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x.detach(), (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "divides_in_place",
    "You divide x itself before you sum (/= works in place), so the caller’s picture gets darker.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    x /= kh * kw
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums * kh * kw / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "float32_counts",
    "You turn the picture into float32 before you sum, so float64 loses its precision.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x.float(), (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return (sums / (kh * kw)).to(x.dtype)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums.to(x.dtype) / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "height_for_width",
    "You use the window’s height for its width, too.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    kw = kh
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "ignores_padding",
    "You accept a padding and never use it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    ph = pw = 0
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "max",
    "You take the largest number of each window; that is the other pooling.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    return padded.unfold(2, kh, sh).unfold(3, kw, sw).amax((-2, -1))
""",
)

mistake(
    "needs_contiguous",
    "You use view, which needs numbers that lie in order in memory; reshape copies where it must.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    planes = x.view(-1, 1, *x.shape[2:])
    padded = torch.nn.functional.pad(planes, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    sums = sums.view(*x.shape[:2], *sums.shape[2:])
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "never_counts_padding",
    "You divide by the real cells in both cases, so count_include_pad changes nothing.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "never_refuses",
    "You never test the arguments, so nonsense gives a result or an error of another kind.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "pads_width_first",
    "You hand the height’s padding to torch.nn.functional.pad first, but pad takes the last axis first.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (ph, ph, pw, pw))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (ph, ph, pw, pw))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "ready_made",
    "You called torch’s own pooling; this task is to write it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    return torch.nn.functional.avg_pool2d(x, (kh, kw), (sh, sw), (ph, pw), count_include_pad=count_include_pad)
""",
)

mistake(
    "ready_made_module",
    "You called torch’s own pooling, as a module; this task is to write it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    return torch.nn.AvgPool2d((kh, kw), (sh, sw), (ph, pw), count_include_pad=count_include_pad)(x)
""",
)

mistake(
    "strict_padding",
    "You refuse a padding of exactly half the window, but every window still sees a real cell then.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph >= kh / 2 > 1.5 or pw >= kw / 2 > 1.5:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "stride_one",
    "Without a stride you move by one cell, but pooling then moves by the size of the window.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(1 if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kh * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "sum",
    "You return the sum of each window and never divide it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    return padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
""",
)

mistake(
    "width_squared",
    "You divide by the square of the width, which is right for square windows alone.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    ph, pw = pair(padding)
    if min(kh, kw, sh, sw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    if x.shape[2] + 2 * ph < kh or x.shape[3] + 2 * pw < kw:
        raise ValueError("no window fits")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph))
    sums = padded.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    if count_include_pad:
        return sums / (kw * kw)
    real = torch.nn.functional.pad(torch.ones_like(x), (pw, pw, ph, ph))
    return sums / real.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
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
    "ones_of_float32",
    "You count the real cells in float32, so that a float16 or bfloat16 picture comes back as float32.",
    old="torch.ones_like(x[:1, :1])",
    new="torch.ones(x[:1, :1].shape)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the windows of the chapter, which do not overlap, are square and need sides that they divide.",
    answer="""
import torch


def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    n, c, h, w = x.shape
    k = kernel_size
    windows = x.reshape(n, c, h // k, k, w // k, k).transpose(3, 4).flatten(4)
    return windows.mean(4)
""",
)

equivalent(
    "return sums(x) / (k_h * k_w if count_include_pad else sums(torch.ones_like(x[:1, :1]))) -> "
    "return sums(x) / (k_h * k_w if count_include_pad else sums(torch.ones_like(x[:, :1])))",
    "The count of real cells is the same for every picture.",
)

equivalent(
    "return sums(x) / (k_h * k_w if count_include_pad else sums(torch.ones_like(x[:1, :1]))) -> "
    "return sums(x) / (k_h * k_w if count_include_pad else sums(torch.ones_like(x[:1, :])))",
    "The count of real cells is the same for every channel.",
)
