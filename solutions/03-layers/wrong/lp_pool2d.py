"""Known mistakes of `lp_pool2d`."""

mistake(
    "adds_epsilon",
    "You add a small number below the root, which changes what a window of zeros gives.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    return (sums + 1e-6).pow(1 / norm_type)
""",
)

mistake(
    "always_two",
    "You use squares and square roots, whatever norm_type is.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.pow(2)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).sqrt()
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "detaches",
    "You worked on x.detach(), so no gradient finds its way back to the picture.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.detach().abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "height_for_width",
    "You use the window’s height for its width, too.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kh, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "in_place",
    "You take the magnitude in place (abs_ changes x), so the caller’s signs are lost.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs_().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "infinite_slope",
    "You take the root of 0, whose slope is infinite, and get nan for the gradient of a window of zeros.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    return sums.pow(1 / norm_type)
""",
)

mistake(
    "mean",
    "You take the mean of the powers in place of their sum.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).mean((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "never_refuses",
    "You never test the arguments, so nonsense gives a result or an error of another kind.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "no_magnitude",
    "You take powers of x and not of its magnitude, so negative numbers cancel positive ones when p is odd.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "no_root",
    "You forget the root, so the result is the sum of the powers.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "ready_made",
    "You called torch’s own pooling; this task is to write it.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    return torch.nn.functional.lp_pool2d(x.abs(), norm_type, (kh, kw), (sh, sw))
""",
)

mistake(
    "ready_made_average",
    "You used torch’s average pooling for the sum; cut the windows out yourself.",
    answer="""
import torch


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = torch.nn.functional.avg_pool2d(powers, (kh, kw), (sh, sw)) * kh * kw
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "strides_swapped",
    "You use the stride of the height along the width, and the other way round.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sw, sh = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "where_after_root",
    "You replace the result of a window of zeros, but the root has been taken by then, and its gradient is nan.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "whole_orders",
    "You turn norm_type into an int, so 2.5 counts as 2.",
    answer="""
def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    norm_type = int(norm_type)
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.masked_fill(empty, 1.0).pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
""",
)

mistake(
    "both_directions",
    "You multiply the numbers of windows along both axes; where nothing fits along either, two negative numbers "
    "give a positive one.",
    old="if x.shape[2] < k_h or x.shape[3] < k_w:",
    new="if (x.shape[2] - k_h + 1) * (x.shape[3] - k_w + 1) <= 0:",
)

mistake(
    "zeros_of_float32",
    "You made zeros of the default dtype, so that a float16 or bfloat16 picture comes back as float32.",
    old="return torch.where(filled, roots, torch.zeros_like(sums))",
    new="return torch.where(filled, roots, torch.zeros(sums.shape))",
)

mistake(
    "slope_for_two_only",
    "You look after the infinite slope for p = 2 only; the root of every other order has one, too.",
    old="    roots = torch.where(filled, sums, torch.ones_like(sums)).pow(1 / norm_type)",
    new="    if norm_type != 2:\n        return sums.pow(1 / norm_type)\n"
    "    roots = torch.where(filled, sums, torch.ones_like(sums)).pow(1 / norm_type)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the windows of the chapter, which do not overlap, and its root, which has no gradient at 0.",
    answer="""
import torch


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    n, c, h, w = x.shape
    k = kernel_size
    windows = x.reshape(n, c, h // k, k, w // k, k).transpose(3, 4).flatten(4)
    return (windows**norm_type).sum(4) ** (1 / norm_type)
""",
)

equivalent(
    "roots = torch.where(filled, sums, torch.ones_like(sums)).pow(1 / norm_type) -> "
    "roots = torch.where(filled, sums, torch.zeros_like(sums)).pow(1 / norm_type)",
    "torch.where sends no gradient to the side it did not take, whatever the slope there.",
)
