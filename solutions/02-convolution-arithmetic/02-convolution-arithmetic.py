# %% [markdown]
# # Convolution arithmetic
#
# You write the convolution of chapter 02 yourself, and the small formulas that tell the size, reach and cost of a layer
# before it runs.
#
# - You need: Chapter 02. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Three to five hours, about half of it for `conv2d`.
# - Hidden checks try: other sizes, kernels that are not square, batches, float64, and arguments that make no sense
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W): pictures, channels, rows, columns. A size that may be *an int or a
# pair* is either one number, used for both directions, or a tuple (height, width). A padding of `p` adds `p` zeros on *each* side.

# %% conv_output_size-statement [markdown]
# How many positions does a window have? Seven cells, a kernel of three, stride 3:
#
# ```
# cells     0 1 2 3 4 5 6
# window 0  # # #
# window 1        # # #
#                       # . .   does not fit: dropped
# ```
#
# So 7 cells give 2 outputs. Padding makes the row longer on both sides. Dilation `d` leaves `d − 1` cells free between the
# kernel's taps, so that a kernel of three with dilation 2 reaches over five cells: `# . # . #`.
#
# **Return** the number of windows that fit entirely. When every argument is an int, return a plain int of Python; when at least one, whichever,
# is a pair (height, width), return a tuple of two such ints, and an int beside it counts for both directions.
#
# **Raise `ValueError`** when `n`, `kernel_size`, `stride` or `dilation` is below 1, when `padding` is negative, or when not even one
# window fits. Of a pair, each number counts: one that is out of range is enough, and so is one direction in which nothing fits. A window that
# fits exactly does fit.

# %% conv_output_size
def conv_output_size(
    n: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> int | tuple[int, int]:
    """Return the output size of a convolution over ``n`` cells; raise ValueError when nothing fits."""
    ### BEGIN SOLUTION
    settings = (n, kernel_size, stride, padding, dilation)

    def along(n: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
        if min(n, kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")
        room = n + 2 * padding - dilation * (kernel_size - 1) - 1
        if room < 0:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return room // stride + 1

    if all(isinstance(value, int) for value in settings):
        return along(*settings)
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    return along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
    ### END SOLUTION


# %% conv_output_size-public points=1
# Sizes that you can count by hand
checks.equal(conv_output_size(7, 3), 5, "Stride 1", case="conv_output_size(7, 3)")
checks.equal(
    conv_output_size(7, 3, stride=3),
    2,
    "Stride 3",
    case="conv_output_size(7, 3, stride=3)",
    hint="a window that does not fit entirely is dropped, so the division rounds down.",
)
checks.equal(conv_output_size(5, 3, padding=1), 5, "Padding", case="conv_output_size(5, 3, padding=1)")
checks.equal(conv_output_size(5, 3, dilation=2), 1, "Dilation", case="conv_output_size(5, 3, dilation=2)")
checks.equal(conv_output_size((7, 5), 3), (5, 3), "A pair", case="conv_output_size((7, 5), 3)")
checks.raises(ValueError, conv_output_size, 2, 5, what="A kernel that does not fit", case="conv_output_size(2, 5)")

# %% conv_output_size-stride points=3
# Any stride, also one that does not divide
from itertools import product


def windows_that_fit(n, kernel, stride):
    return sum(first + kernel <= n for first in range(0, n, stride))


cases = [case for case in product(range(1, 15), range(1, 6), range(1, 5)) if windows_that_fit(*case)]
checks.agrees(
    conv_output_size,
    windows_that_fit,
    cases,
    "Output size with a stride",
    hint="a window that does not fit entirely is dropped: round down, and count the first window too.",
)

# %% conv_output_size-padding points=1
# Padding on both sides
from itertools import product


def windows_that_fit(n, kernel, stride, padding):
    cells = range(-padding, n + padding)
    return sum(first + kernel - 1 in cells for first in cells[::stride])


cases = [case for case in product(range(1, 11), range(1, 6), range(1, 4), range(4)) if windows_that_fit(*case)]
checks.agrees(
    conv_output_size, windows_that_fit, cases, "Output size with padding", hint="padding adds cells on both sides."
)

# %% conv_output_size-dilation points=2
# A dilated kernel
from itertools import product


def windows_that_fit(n, kernel, stride, padding, dilation):
    cells = range(-padding, n + padding)
    return sum(all(first + tap * dilation in cells for tap in range(kernel)) for first in cells[::stride])


settings = product(range(1, 12), range(1, 5), range(1, 4), range(3), range(1, 4))
cases = [case for case in settings if windows_that_fit(*case)]
checks.agrees(
    conv_output_size,
    windows_that_fit,
    cases,
    "Output size with dilation",
    hint="a kernel of k taps has k − 1 gaps between them, not k.",
)

# %% conv_output_size-pairs points=2
# Pairs: height and width on their own
cases = [
    {"n": (32, 20), "kernel_size": 5},
    {"n": 17, "kernel_size": (3, 4)},
    {"n": (9, 14), "kernel_size": (4, 3), "stride": (2, 3)},
    {"n": 12, "kernel_size": 3, "stride": (1, 2)},
    {"n": (8, 11), "kernel_size": 5, "padding": (2, 0), "stride": 2},
    {"n": 10, "kernel_size": (2, 3), "dilation": (4, 1)},
    {"n": (16, 16), "kernel_size": 3, "dilation": (1, 3), "padding": (0, 2)},
    {"n": 9, "kernel_size": 3, "padding": (1, 0)},
    {"n": 11, "kernel_size": 3, "dilation": (1, 3)},
    {"n": (6, 6), "kernel_size": 2},
    {"n": (3, 4), "kernel_size": (5, 4), "padding": (1, 0)},
]


def size_of_a_real_layer(n, kernel_size, stride=1, padding=0, dilation=1):
    layer = torch.nn.Conv2d(1, 1, kernel_size, stride, padding, dilation)
    return tuple(layer(torch.ones(1, 1, *np.broadcast_to(n, 2))).shape[2:])


checks.agrees(
    conv_output_size, size_of_a_real_layer, cases, "Pairs", hint="use the height's settings for the height only."
)

# %% conv_output_size-errors points=1
# Arguments that make no sense
kinds = {
    "a kernel larger than the padded input": [{"n": 4, "kernel_size": 5}],
    "a kernel larger than the padded input in one direction": [{"n": (9, 2), "kernel_size": 3}],
    "a kernel that fits only without its dilation": [{"n": 5, "kernel_size": 3, "dilation": 3}],
    "an n below 1, beside a padding above 0": [
        {"n": 0, "kernel_size": 1, "padding": 1},
        {"n": -5, "kernel_size": 1, "padding": 4},
    ],
    "a kernel_size below 1": [{"n": 5, "kernel_size": 0}],
    "a stride below 1": [{"n": 5, "kernel_size": 3, "stride": 0}, {"n": 5, "kernel_size": 3, "stride": -1}],
    "a dilation below 1": [{"n": 5, "kernel_size": 3, "dilation": 0}],
    "a negative padding": [{"n": 5, "kernel_size": 3, "padding": -1}],
    "a pair for n with one number below 1, beside a padding above 0": [
        {"n": (0, 5), "kernel_size": 2, "padding": 2},
        {"n": (5, 0), "kernel_size": 2, "padding": 2},
    ],
    "a pair for kernel_size with one number below 1": [
        {"n": 5, "kernel_size": (0, 3)},
        {"n": 5, "kernel_size": (3, 0)},
    ],
    "a pair for stride with one number below 1": [
        {"n": 5, "kernel_size": 3, "stride": (0, 1)},
        {"n": 5, "kernel_size": 3, "stride": (1, 0)},
    ],
    "a pair for dilation with one number below 1": [
        {"n": 5, "kernel_size": 3, "dilation": (0, 1)},
        {"n": 5, "kernel_size": 3, "dilation": (1, 0)},
    ],
    "a pair for padding with one number negative": [
        {"n": (5, 5), "kernel_size": 3, "padding": (0, -1)},
        {"n": (5, 5), "kernel_size": 3, "padding": (-1, 0)},
    ],
    "two settings that are negative at once": [
        {"n": 5, "kernel_size": -2, "dilation": -3},
        {"n": 5, "kernel_size": -2, "stride": -3},
    ],
}
checks.refuses(conv_output_size, kinds, "Arguments that make no sense")
kinds = {
    "a kernel larger than the padded input, with a stride above 1": [
        {"n": 4, "kernel_size": 5, "stride": 2},
        {"n": 4, "kernel_size": 6, "stride": 3},
        {"n": 3, "kernel_size": 6, "padding": 1, "stride": 4},
        {"n": 4, "kernel_size": 3, "dilation": 2, "stride": 2},
    ],
    "a kernel larger than the padded input in one direction, with a stride above 1 there": [
        {"n": (9, 4), "kernel_size": 5, "stride": (1, 2)},
        {"n": (4, 9), "kernel_size": 5, "stride": (2, 1)},
    ],
    "a kernel larger than the padded input in both directions": [
        {"n": (3, 4), "kernel_size": (6, 7)},
        {"n": (2, 3), "kernel_size": (7, 9), "stride": 2},
    ],
    "a pair for kernel_size with one number larger than the padded input": [
        {"n": 2, "kernel_size": (4, 2)},
        {"n": 2, "kernel_size": (2, 4)},
    ],
}
checks.refuses(
    conv_output_size,
    kinds,
    "Kernels that do not fit, with strides and pairs",
    hint="int(a / b) rounds towards zero and // rounds down; and test each direction on its own.",
)

# %% transposed_output_size-statement [markdown]
# A transposed convolution turns the picture around: each *input* cell stamps a copy of the kernel onto the output, and the
# next cell stamps `stride` further on. Three cells, a kernel of three, stride 2:
#
# ```
# output   0 1 2 3 4 5 6
# cell 0   # # #
# cell 1       # # #
# cell 2           # # #
# ```
#
# So 3 cells give 7 outputs, where `conv_output_size(7, 3, stride=2)` is 3 again. Here `padding` *removes* that many cells on each
# side, `dilation` spreads the stamp, and `output_padding` adds cells at the end only, because several input sizes of a strided convolution
# share one output size (a width of 8 gives 3, too).
#
# **Return** the output size: a plain int of Python, or a tuple of two when at least one argument, whichever, is a pair.
#
# An `output_padding` is allowed when it is smaller than `stride` or smaller than `dilation`; one of the two is enough. With stride 2 and dilation 1
# it may be 0 or 1; with stride 2 and dilation 3 it may be 0, 1 or 2.
#
# **Raise `ValueError`** when `n`, `kernel_size`, `stride` or `dilation` is below 1, when `padding` or `output_padding` is negative, when
# `output_padding` is too large to be allowed, or when the result is below 1. Of a pair, each number counts: one that is out of range is enough.


# %% transposed_output_size
def transposed_output_size(
    n: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> int | tuple[int, int]:
    """Return the output size of a transposed convolution over ``n`` cells; raise ValueError when there is none."""
    ### BEGIN SOLUTION
    settings = (n, kernel_size, stride, padding, output_padding, dilation)

    def along(n: int, kernel_size: int, stride: int, padding: int, output_padding: int, dilation: int) -> int:
        if min(n, kernel_size, stride, dilation) < 1 or min(padding, output_padding) < 0:
            raise ValueError("sizes, strides and dilations are at least 1, paddings at least 0")
        if output_padding >= max(stride, dilation):
            raise ValueError("output_padding is smaller than the stride or the dilation")
        size = (n - 1) * stride + dilation * (kernel_size - 1) + 1 - 2 * padding + output_padding
        if size < 1:
            raise ValueError("the padding removes everything")
        return size

    if all(isinstance(value, int) for value in settings):
        return along(*settings)
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    return along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
    ### END SOLUTION


# %% transposed_output_size-public points=2
# Stamps that you can count by hand
checks.equal(transposed_output_size(3, 3), 5, "Stride 1", case="transposed_output_size(3, 3)")
checks.equal(
    transposed_output_size(3, 3, stride=2),
    7,
    "Stride 2",
    case="transposed_output_size(3, 3, stride=2)",
    hint="the last stamp begins at (n − 1) · stride.",
)
checks.equal(
    transposed_output_size(3, 3, stride=2, padding=1),
    5,
    "Padding",
    case="transposed_output_size(3, 3, stride=2, padding=1)",
)
checks.equal(
    transposed_output_size(3, 3, stride=2, output_padding=1),
    8,
    "Output padding",
    case="transposed_output_size(3, 3, stride=2, output_padding=1)",
)
checks.equal(transposed_output_size((2, 3), 2), (3, 4), "A pair", case="transposed_output_size((2, 3), 2)")

# %% transposed_output_size-stride points=3
# Stride and padding
from itertools import product


def extent_of_stamps(n, kernel, stride, padding):
    return len(
        range(max(i * stride + tap for i in range(n) for tap in range(kernel)) + 1)[padding:][: -padding or None]
    )


cases = [case for case in product(range(1, 9), range(1, 6), range(1, 5), range(3)) if extent_of_stamps(*case)]
checks.agrees(
    transposed_output_size,
    extent_of_stamps,
    cases,
    "Output size with stride and padding",
    hint="there are n − 1 steps between n stamps, and padding takes cells away on both sides.",
)

# %% transposed_output_size-dilation points=2
# Dilation and output padding, as a real layer has them
from itertools import product


def size_of_a_real_layer(n, kernel, stride, padding, output_padding, dilation):
    weight = torch.ones(1, 1, kernel)
    settings = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return torch.nn.functional.conv_transpose1d(torch.ones(1, 1, n), weight, **settings).shape[2]


settings = product((1, 4, 7), (1, 2, 5), (1, 2, 3), (0, 1), (0, 1, 2), (1, 2, 3))
cases = [
    (n, k, s, p, extra, d)
    for n, k, s, p, extra, d in settings
    if extra < max(s, d) and (n - 1) * s + d * (k - 1) + extra >= 2 * p
]
checks.agrees(
    transposed_output_size,
    size_of_a_real_layer,
    cases,
    "Output size with dilation and output padding",
    hint="a stamp of k taps has k − 1 gaps; output_padding counts once, at the end.",
)

# %% transposed_output_size-pairs points=1
# Pairs: height and width on their own
cases = [
    {"n": (5, 8), "kernel_size": 3, "stride": 2},
    {"n": 6, "kernel_size": (2, 5), "padding": 1},
    {"n": (4, 3), "kernel_size": 4, "stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2)},
    {"n": 5, "kernel_size": 3, "dilation": (1, 2), "output_padding": (0, 1)},
    {"n": 5, "kernel_size": 3, "stride": (3, 1)},
    {"n": 6, "kernel_size": 4, "padding": (2, 1)},
    {"n": 5, "kernel_size": 3, "dilation": (3, 1)},
    {"n": 5, "kernel_size": 2, "stride": 3, "output_padding": (0, 2)},
    {"n": (4, 4), "kernel_size": 3},
]


def size_of_a_real_layer(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    layer = torch.nn.ConvTranspose2d(1, 1, kernel_size, stride, padding, output_padding, dilation=dilation)
    return tuple(layer(torch.ones(1, 1, *np.broadcast_to(n, 2))).shape[2:])


checks.agrees(
    transposed_output_size, size_of_a_real_layer, cases, "Pairs", hint="use the height's settings for the height only."
)

# %% transposed_output_size-errors points=2
# Arguments that make no sense, and output padding that is just small enough
kinds = {
    "an output_padding as large as the larger of stride and dilation": [
        {"n": 4, "kernel_size": 3, "output_padding": 1},
        {"n": 4, "kernel_size": 3, "stride": 2, "output_padding": 2},
        {"n": 4, "kernel_size": 3, "dilation": 2, "output_padding": 2},
        {"n": 4, "kernel_size": 3, "stride": 2, "dilation": 3, "output_padding": 3},
    ],
    "an output_padding larger than both stride and dilation": [
        {"n": 4, "kernel_size": 3, "stride": 3, "dilation": 2, "output_padding": 4},
    ],
    "an output_padding that is too large in one direction": [
        {"n": (4, 4), "kernel_size": 3, "stride": (2, 1), "output_padding": (1, 1)},
        {"n": (4, 4), "kernel_size": 3, "stride": (1, 2), "output_padding": (1, 1)},
    ],
    "a padding with which the result is below 1": [
        {"n": 1, "kernel_size": 2, "padding": 1},
        {"n": 3, "kernel_size": 1, "padding": 4},
        {"n": 2, "kernel_size": 3, "padding": 4},
    ],
    "a padding with which one number of the result is below 1": [
        {"n": (1, 4), "kernel_size": 2, "padding": 1},
        {"n": (4, 1), "kernel_size": 2, "padding": 1},
    ],
    "a padding with which both numbers of the result are below 1": [{"n": (1, 1), "kernel_size": 2, "padding": 3}],
    "an n below 1": [{"n": 0, "kernel_size": 3}],
    "a kernel_size below 1": [{"n": 4, "kernel_size": 0, "stride": 2}],
    "a stride below 1": [{"n": 4, "kernel_size": 3, "stride": 0}],
    "a dilation below 1": [{"n": 4, "kernel_size": 3, "dilation": 0}],
    "a negative padding": [{"n": 4, "kernel_size": 3, "padding": -1}],
    "a negative output_padding": [{"n": 4, "kernel_size": 3, "output_padding": -1}],
    "a pair for n with one number below 1": [{"n": (0, 4), "kernel_size": 3}, {"n": (4, 0), "kernel_size": 3}],
    "a pair for kernel_size with one number below 1": [
        {"n": 4, "kernel_size": (0, 3), "stride": 2},
        {"n": 4, "kernel_size": (3, 0), "stride": 2},
    ],
    "a pair for stride with one number below 1": [
        {"n": 4, "kernel_size": 3, "stride": (0, 1)},
        {"n": 4, "kernel_size": 3, "stride": (1, 0)},
    ],
    "a pair for dilation with one number below 1": [
        {"n": 4, "kernel_size": 3, "dilation": (0, 1)},
        {"n": 4, "kernel_size": 3, "dilation": (1, 0)},
    ],
    "a pair for padding with one number negative": [
        {"n": 4, "kernel_size": 3, "padding": (-1, 0)},
        {"n": 4, "kernel_size": 3, "padding": (0, -1)},
    ],
    "a pair for output_padding with one number negative": [
        {"n": 4, "kernel_size": 3, "stride": 2, "output_padding": (-1, 0)},
        {"n": 4, "kernel_size": 3, "stride": 2, "output_padding": (0, -1)},
    ],
    "two arguments that are negative at once": [
        {"n": 4, "kernel_size": -2, "dilation": -3},
        {"n": -4, "kernel_size": 3, "stride": -2},
    ],
}
checks.refuses(transposed_output_size, kinds, "Arguments that make no sense")
allowed = {(3, 2, 1, 0, 1, 2): 6, (3, 1, 3, 1, 2, 1): 7}
checks.agrees(transposed_output_size, lambda *args: allowed[args], allowed, "Output padding that is just small enough")

# %% same_padding-statement [markdown]
# How many zeros keep the size, at stride 1? A kernel that reaches over `r` cells loses `r − 1` positions, so that many zeros
# must be added in total. For an odd kernel they split evenly. For an even one they do not: then **the extra zero goes after**
# (right, or below), as in `padding="same"` of torch.
#
# ```
# kernel 4, total 3     0 | a b c d e | 0 0       before 1, after 2
# ```
#
# **Return** the tuple (before, after) for ints. When `kernel_size` or `dilation` is a pair, return ((top, bottom), (left, right)). All are plain
# ints of Python.
#
# **Raise `ValueError`** when `kernel_size` or `dilation`, or one number of a pair, is below 1.


# %% same_padding
def same_padding(
    kernel_size: int | tuple[int, int], dilation: int | tuple[int, int] = 1
) -> tuple[int, int] | tuple[tuple[int, int], tuple[int, int]]:
    """Return the zeros (before, after) that keep the size at stride 1, or a pair of such tuples."""

    ### BEGIN SOLUTION
    def along(kernel_size: int, dilation: int) -> tuple[int, int]:
        if min(kernel_size, dilation) < 1:
            raise ValueError("kernel_size and dilation are at least 1")
        total = dilation * (kernel_size - 1)
        return total // 2, total - total // 2

    if isinstance(kernel_size, int) and isinstance(dilation, int):
        return along(kernel_size, dilation)
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, across = (dilation, dilation) if isinstance(dilation, int) else dilation
    return along(height, down), along(width, across)
    ### END SOLUTION


# %% same_padding-public points=1
# Kernels of 3, 4 and 5
checks.equal(same_padding(3), (1, 1), "A kernel of 3", case="same_padding(3)")
checks.equal(same_padding(5), (2, 2), "A kernel of 5", case="same_padding(5)")
checks.equal(
    same_padding(4),
    (1, 2),
    "A kernel of 4",
    case="same_padding(4)",
    hint="three zeros in all; the extra one goes after.",
)
checks.equal(same_padding((3, 5)), ((1, 1), (2, 2)), "A pair", case="same_padding((3, 5))")

# %% same_padding-odd points=1
# Odd kernels, with and without dilation
cases = [(kernel, dilation) for kernel in (1, 3, 5, 7, 11) for dilation in (1, 2, 3, 4)]


def zeros_that_torch_adds(kernel, dilation):
    x, first, last = torch.ones(1, 1, 99), torch.zeros(1, 1, kernel), torch.zeros(1, 1, kernel)
    first[..., 0], last[..., -1] = 1, 1
    same = {"padding": "same", "dilation": dilation}
    before = torch.nn.functional.conv1d(x, first, **same)
    after = torch.nn.functional.conv1d(x, last, **same)
    return int((before < 0.5).sum()), int((after < 0.5).sum())


checks.agrees(
    same_padding,
    zeros_that_torch_adds,
    cases,
    "Padding for odd kernels",
    hint="a dilated kernel reaches over dilation · (kernel_size − 1) + 1 cells.",
)

# %% same_padding-even points=2
# Even kernels: the extra zero goes after
import warnings

cases = [(kernel, dilation) for kernel in (2, 4, 6, 10) for dilation in (1, 2, 3, 5)]


def zeros_that_torch_adds(kernel, dilation):
    x, first, last = torch.ones(1, 1, 99), torch.zeros(1, 1, kernel), torch.zeros(1, 1, kernel)
    first[..., 0], last[..., -1] = 1, 1
    same = {"padding": "same", "dilation": dilation}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that an even kernel needs a copy
        before = torch.nn.functional.conv1d(x, first, **same)
        after = torch.nn.functional.conv1d(x, last, **same)
    return int((before < 0.5).sum()), int((after < 0.5).sum())


checks.agrees(
    same_padding,
    zeros_that_torch_adds,
    cases,
    "Padding for even kernels",
    hint="find the total first, then split it; the extra zero goes after.",
)

# %% same_padding-pairs points=1
# Pairs: height first, then width
wanted = {
    ((1, 7), 1): ((0, 0), (3, 3)),
    ((4, 3), 1): ((1, 2), (1, 1)),
    ((3, 3), 2): ((2, 2), (2, 2)),
    (3, (1, 4)): ((1, 1), (4, 4)),
    ((2, 5), (3, 2)): ((1, 2), (4, 4)),
    ((1, 1), (1, 1)): ((0, 0), (0, 0)),
    (4, (3, 3)): ((4, 5), (4, 5)),
}
checks.agrees(
    same_padding,
    lambda kernel_size, dilation: wanted[kernel_size, dilation],
    wanted,
    "Pairs",
    hint="the height's zeros come first, unlike in torch.nn.functional.pad.",
)

# %% same_padding-errors points=1
# Arguments that make no sense
kinds = {
    "a kernel_size below 1": [(0,), (-3,)],
    "a dilation below 1": [(3, 0), (3, -1)],
    "a pair for kernel_size with one number below 1": [((3, 0),), ((0, 3),), ((-1, 3), 2), ((3, 0), (1, 2))],
    "a pair for dilation with one number below 1": [
        ((3, 3), (1, 0)),
        ((3, 3), (0, 1)),
        (3, (1, 0)),
        (3, (-2, 1)),
    ],
    "a kernel_size and a dilation that are both below 1": [(0, 0), (-1, -1), (-3, -2), ((-3, 3), (-2, 1))],
}
checks.refuses(same_padding, kinds, "Arguments that make no sense")

# %% cross_correlate-statement [markdown]
# Slide a kernel over one channel; at each position multiply cell by cell, and sum. By hand:
#
# ```
# x          k          the four windows                result
# 1 2 3      1 0        1·1 + 5·2 = 11   2·1 + 6·2 = 14    11 14
# 4 5 6      0 2        4·1 + 8·2 = 20   5·1 + 9·2 = 23    20 23
# 7 8 9
# ```
#
# The kernel is **not** flipped: networks call this "convolution", mathematics calls it cross-correlation.
#
# **Take** `x` of shape (H, W) and `k` of shape (kH, kW), of the same dtype and device. **Return** a tensor (H − kH + 1, W − kW + 1) of that dtype
# on that device. Leave `x` and `k` as they are. Loops are fine here; speed does not count.
#
# **Raise `ValueError`** when the kernel does not fit: when it is higher than the picture, or wider, or both.
#
# **From scratch:** `torch.nn.functional.conv2d`, `torch.nn.Conv2d` and their like are not allowed, nor are `unfold` and `fold` of
# `torch.nn`, nor `scipy.signal`. An answer that uses one gets no points for `public`, `values` and `dtype`.
# The method `Tensor.unfold`, which makes a view, is allowed.


# %% cross_correlate
def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    """Return the cross-correlation of ``x`` (H, W) with ``k`` (kH, kW), shape (H − kH + 1, W − kW + 1)."""
    ### BEGIN SOLUTION
    height, width = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if height < 1 or width < 1:
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
    out = x.new_empty(height, width)
    for i in range(height):
        for j in range(width):
            out[i, j] = (x[i : i + k.shape[0], j : j + k.shape[1]] * k).sum()
    return out
    ### END SOLUTION


# %% cross_correlate-public points=2
# The case above, and no ready-made convolution
x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
k = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
received = rules.from_scratch(cross_correlate, (x, k), what="`cross_correlate` is written from scratch")
expected = torch.tensor([[11.0, 14.0], [20.0, 23.0]])
checks.close(
    received,
    expected,
    "The case above",
    case="cross_correlate(x, k)",
    hint="the kernel is flipped, or the loops end too early.",
)

# %% cross_correlate-values points=4
# Pictures and kernels that are not square
import torch.nn.functional as F

g = torch.Generator().manual_seed(52417)
device = checks.device()
for shape, kernel in [((6, 9), (2, 4)), ((8, 5), (3, 1)), ((4, 7), (4, 2)), ((5, 5), (5, 5)), ((3, 6), (1, 1))]:
    x, k = torch.randn(shape, generator=g).to(device), torch.randn(kernel, generator=g).to(device)
    checks.close(
        rules.from_scratch(cross_correlate, (x, k), what="`cross_correlate` is written from scratch"),
        F.conv2d(x[None, None], k[None, None])[0, 0],
        "Random picture and kernel, not square",
        hint="rows and columns are mixed up, or the kernel is flipped.",
    )
x, k = torch.randn(7, 5, generator=g).to(device).t(), torch.randn(4, 2, generator=g).to(device).t()
checks.close(
    rules.from_scratch(cross_correlate, (x, k), what="`cross_correlate` is written from scratch"),
    F.conv2d(x[None, None], k[None, None])[0, 0],
    "Transposed views of a picture and a kernel",
    hint="strides or view() assume that memory is in order; index the tensor instead.",
)

# %% cross_correlate-dtype points=2
# float64 stays float64, with its precision
import torch.nn.functional as F

g = torch.Generator().manual_seed(9903)
for dtype in (torch.float64, torch.float32):
    x = torch.randn(5, 8, generator=g, dtype=dtype).to(checks.device())
    k = torch.randn(3, 2, generator=g, dtype=dtype).to(checks.device())
    checks.close(
        rules.from_scratch(cross_correlate, (x, k), what="`cross_correlate` is written from scratch"),
        F.conv2d(x[None, None], k[None, None])[0, 0],
        "dtype and precision",
        hint="somewhere on the way the numbers are float32.",
    )

# %% cross_correlate-unchanged points=2
# The picture and the kernel are left as they were
g = torch.Generator().manual_seed(3386)
x, k = torch.randn(5, 6, generator=g).to(checks.device()), torch.randn(2, 3, generator=g).to(checks.device())
expected = torch.nn.functional.conv2d(x[None, None], k[None, None])[0, 0]
received = checks.unchanged(cross_correlate, x, k, what="The picture and the kernel are left as they were")
checks.close(received, expected, "The result of that call")
x, k = torch.randn(3, 5, 6, generator=g).to(checks.device()), torch.randn(3, 2, 3, generator=g).to(checks.device())
expected = [
    torch.nn.functional.conv2d(picture[None, None], kernel[None, None])[0, 0]
    for picture, kernel in zip(x, k, strict=True)
]
for received, wanted in zip(checks.on_parts(cross_correlate, x, k), expected, strict=True):
    checks.close(
        received,
        wanted,
        "Pictures and kernels cut out of a larger tensor",
        hint="a view need not begin where its memory does: as_strided needs x.storage_offset().",
    )

# %% cross_correlate-errors points=2
# A kernel that does not fit
kinds = {
    "a kernel that is higher than the picture, and not wider": [
        ((3, 5), (4, 2)),
        ((1, 4), (2, 4)),
        ((2, 6), (6, 2)),
    ],
    "a kernel that is wider than the picture, and not higher": [
        ((5, 3), (2, 4)),
        ((4, 1), (4, 2)),
        ((6, 2), (2, 6)),
    ],
    "a kernel that is both higher and wider than the picture": [
        ((2, 2), (3, 3)),
        ((2, 3), (4, 6)),
        ((2, 2), (5, 5)),
    ],
}
kinds = {kind: [(torch.ones(x), torch.ones(k)) for x, k in shapes] for kind, shapes in kinds.items()}
checks.refuses(cross_correlate, kinds, "Kernels that do not fit")

# %% cross_correlate-look-text [markdown]
# Look at what it does: a drawn picture, and the two edge filters of Sobel.

# %% cross_correlate-look
rows, columns = torch.meshgrid(torch.arange(48.0), torch.arange(64.0), indexing="ij")
picture = ((rows - 24) ** 2 + (columns - 20) ** 2 < 180).float() + 0.6 * (
    (rows > 12) & (rows < 36) & (columns > 42)
).float()
sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
figure, axes = plt.subplots(1, 3, figsize=(9, 2.6))
views = {
    "picture": picture,
    "upright edges": cross_correlate(picture, sobel),
    "level edges": cross_correlate(picture, sobel.T),
}
for axis, (title, view) in zip(axes, views.items(), strict=True):
    axis.imshow(view.numpy(), cmap="gray")
    axis.set_title(title)
    axis.axis("off")

# %% conv2d-statement [markdown]
# Now the layer itself, for batches and channels:
#
# $$y_{n,o,i,j} = b_o + \sum_{c,u,v} w_{o,c,u,v}\; x_{n,\,c,\;i s_h + u d_h - p_h,\;j s_w + v d_w - p_w}$$
#
# where `x` outside the picture is 0. With `groups` = g, input and output channels are cut into g equal runs, and the filters of
# run number r see only the input channels of run number r.
#
# | | shape |
# | --- | --- |
# | `x` | (N, C_in, H, W) |
# | `weight` | (C_out, C_in / groups, kH, kW) |
# | `bias` | (C_out,) or None |
# | result | (N, C_out, H', W'), with H' and W' as in task 1 |
#
# `stride`, `padding` and `dilation` are ints or pairs. The result has the dtype and device of `x`; `x`, `weight` and `bias` stay as they are;
# gradients flow to all three.
#
# **Raise `ValueError`** when `groups` is below 1, when the channels of `x` are not `groups` times those of `weight`, when C_out is not a multiple of
# `groups`, when no window fits, or when a setting is out of range as in task 1.
#
# **From scratch:** the functions that task 4 forbids are forbidden here. An answer that uses one gets no points in this
# task, but for `errors`.
#
# **Speed** (4 of the points): at most 20 times the CPU time of `torch.nn.functional.conv2d` for `x` (1, 32, 64, 64), `weight` (64, 32, 3, 3), `padding=1`, in
# float32 on one thread. Do not loop over output pixels. Two ways that work: loop over the kH · kW *taps*, each of which multiplies
# one shifted, strided slice of the padded `x`; or gather all windows first and multiply once. `torch.einsum` says in one line
# which axes are summed.
#
# *Hint.* Start with stride 1 and no padding, and make the public check's first half pass. Then padding (`torch.nn.functional.pad`),
# stride and dilation (slices `start : stop : step`), groups (split the channels into an axis of their own).


# %% conv2d
def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> torch.Tensor:
    """Return the convolution of ``x`` (N, C_in, H, W) with ``weight`` (C_out, C_in / groups, kH, kW)."""
    ### BEGIN SOLUTION
    stride, padding, dilation = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, c_in = x.shape[:2]
    c_out, c_group, *kernel = weight.shape
    if groups < 1 or c_in != groups * c_group or c_out % groups:
        raise ValueError(f"{c_in} channels in, {c_out} out and {groups} groups do not go together")
    if min(*stride, *dilation) < 1 or min(padding) < 0:
        raise ValueError("strides and dilations are at least 1, padding at least 0")
    height, width = (
        (size + 2 * p - d * (k - 1) - 1) // s + 1
        for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)
    )
    if min(height, width) < 1:
        raise ValueError("the kernel does not fit")
    padded = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    step_n, step_c, step_h, step_w = padded.stride()
    windows = padded.as_strided(
        (n, groups, c_group, *kernel, height, width),
        (
            step_n,
            step_c * c_group,
            step_c,
            step_h * dilation[0],
            step_w * dilation[1],
            step_h * stride[0],
            step_w * stride[1],
        ),
        padded.storage_offset(),
    )
    columns = windows.reshape(n, groups, c_group * kernel[0] * kernel[1], height * width)
    out = weight.reshape(groups, c_out // groups, -1) @ columns
    out = out.reshape(n, c_out, height, width)
    return out if bias is None else out + bias.reshape(-1, 1, 1)
    ### END SOLUTION


# %% conv2d-public points=2
# One and two channels by hand, and no ready-made convolution
x = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]])
weight = torch.tensor([[[[1.0, 0.0], [0.0, 2.0]]]])
received = rules.from_scratch(conv2d, (x, weight), what="`conv2d` is written from scratch")
expected = torch.tensor([[[[11.0, 14.0], [20.0, 23.0]]]])
checks.close(received, expected, "The case of task 4", case="conv2d(x, weight)")
x = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])  # two channels of one row
weight = torch.tensor([[[[1.0]], [[10.0]]], [[[0.0]], [[1.0]]]])  # two filters of 1×1
checks.close(
    conv2d(x, weight, bias=torch.tensor([0.5, 0.0])),
    torch.tensor([[[[31.5, 42.5]], [[3.0, 4.0]]]]),
    "Two channels, two filters, a bias",
    case="conv2d(x, weight, bias)",
    hint="each filter sums over all channels, and has its own bias.",
)

# %% conv2d-helpers
import torch.nn.functional as F

# %% conv2d-channels points=4
# A batch with several channels, nothing square
g = torch.Generator().manual_seed(80211)
device = checks.device()
for shape, kernel in [((3, 4, 9, 7), (5, 4, 3, 2)), ((2, 3, 5, 8), (4, 3, 2, 5)), ((1, 1, 6, 4), (2, 1, 6, 1))]:
    x, weight = torch.randn(shape, generator=g).to(device), torch.randn(kernel, generator=g).to(device)
    checks.close(
        rules.from_scratch(conv2d, (x, weight), what="`conv2d` is written from scratch"),
        F.conv2d(x, weight),
        "A batch with several channels",
        hint="an axis is summed that should stay, or height and width are mixed up.",
    )

# %% conv2d-bias points=1
# The bias is added to the right channel
g = torch.Generator().manual_seed(61523)
device = checks.device()
x, weight = torch.randn(2, 3, 6, 7, generator=g).to(device), torch.randn(5, 3, 2, 3, generator=g).to(device)
bias = 3 * torch.randn(5, generator=g).to(device)
checks.close(
    rules.from_scratch(conv2d, (x, weight, bias), what="`conv2d` is written from scratch"),
    F.conv2d(x, weight, bias),
    "With a bias",
    hint="the bias belongs to axis 1, the output channels.",
)

# %% conv2d-stride points=2
# Strides, also pairs, also ones that do not divide
g = torch.Generator().manual_seed(1470)
device = checks.device()
x, weight = torch.randn(2, 3, 10, 13, generator=g).to(device), torch.randn(4, 3, 3, 2, generator=g).to(device)
for stride in (2, (2, 3), (1, 4), (5, 1)):
    checks.close(
        rules.from_scratch(conv2d, (x, weight), {"stride": stride}, what="`conv2d` is written from scratch"),
        F.conv2d(x, weight, stride=stride),
        "With a stride",
        hint="the windows begin at the wrong cells, or there is one too many.",
    )

# %% conv2d-padding points=2
# Padding, also pairs
g = torch.Generator().manual_seed(29064)
device = checks.device()
x, weight = torch.randn(2, 3, 6, 9, generator=g).to(device), torch.randn(4, 3, 3, 5, generator=g).to(device)
for padding in (1, (1, 2), (0, 3), (4, 0)):
    checks.close(
        rules.from_scratch(conv2d, (x, weight), {"padding": padding}, what="`conv2d` is written from scratch"),
        F.conv2d(x, weight, padding=padding),
        "With padding",
        hint="torch.nn.functional.pad takes the last axis first: (left, right, top, bottom).",
    )
x = torch.randn(2, 3, 2, 4, generator=g).to(device)
checks.close(
    rules.from_scratch(conv2d, (x, weight), {"padding": (2, 1)}, what="`conv2d` is written from scratch"),
    F.conv2d(x, weight, padding=(2, 1)),
    "A kernel that fits into the padded picture alone",
    hint="the picture with its padding has to hold the kernel.",
)

# %% conv2d-dilation points=2
# Dilation, also pairs, together with stride and padding
g = torch.Generator().manual_seed(77318)
device = checks.device()
x, weight = torch.randn(2, 3, 11, 14, generator=g).to(device), torch.randn(4, 3, 3, 2, generator=g).to(device)
for settings in [
    {"dilation": 2},
    {"dilation": (1, 4)},
    {"dilation": (3, 2), "stride": (2, 3)},
    {"dilation": (2, 3), "stride": 2, "padding": (1, 2)},
]:
    checks.close(
        rules.from_scratch(conv2d, (x, weight), settings, what="`conv2d` is written from scratch"),
        F.conv2d(x, weight, **settings),
        "With dilation",
        hint="tap number u looks u · dilation cells further.",
    )

# %% conv2d-groups points=3
# Groups, up to one channel each, with everything else
g = torch.Generator().manual_seed(40526)
device = checks.device()
x = torch.randn(2, 6, 8, 11, generator=g).to(device)
for groups, c_out in [(2, 4), (3, 9), (6, 6), (6, 12)]:
    weight = torch.randn(c_out, 6 // groups, 3, 2, generator=g).to(device)
    bias = torch.randn(c_out, generator=g).to(device)
    settings = {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": groups}
    for kwargs in ({"groups": groups}, settings):
        checks.close(
            rules.from_scratch(conv2d, (x, weight, bias), kwargs, what="`conv2d` is written from scratch"),
            F.conv2d(x, weight, bias, **kwargs),
            "With groups",
            hint="the first C_out / groups filters see the first C_in / groups channels, and so on.",
        )

# %% conv2d-dtype points=2
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(5591)
for dtype in (torch.float64, torch.float32):
    x = torch.randn(2, 3, 7, 6, generator=g, dtype=dtype).to(checks.device())
    weight = torch.randn(4, 3, 2, 3, generator=g, dtype=dtype).to(checks.device())
    bias = torch.randn(4, generator=g, dtype=dtype).to(checks.device())
    kwargs = {"padding": 1}
    checks.close(
        rules.from_scratch(conv2d, (x, weight, bias), kwargs, what="`conv2d` is written from scratch"),
        F.conv2d(x, weight, bias, **kwargs),
        "dtype and precision",
        hint="somewhere on the way the numbers are float32.",
    )

# %% conv2d-unchanged points=1
# The arguments are left as they were; views will do
g = torch.Generator().manual_seed(23870)
x = torch.randn(2, 5, 8, 4, generator=g).to(checks.device()).permute(0, 3, 2, 1)
weight = torch.randn(3, 2, 4, 6, generator=g).to(checks.device()).permute(3, 2, 1, 0)[:, :, :, ::2]
bias = torch.randn(6, generator=g).to(checks.device())
expected = F.conv2d(x, weight, bias, padding=1)
rules.from_scratch(conv2d, (x.clone(), weight.clone()), what="`conv2d` is written from scratch")
received = checks.unchanged(conv2d, x, weight, bias, padding=1, what="The arguments are left as they were")
checks.close(received, expected, "Arguments that are views of other tensors", hint="use reshape where view fails.")
x, weight = torch.randn(2, 2, 3, 5, 4, generator=g), torch.randn(2, 6, 3, 2, 3, generator=g)
x, weight, bias = (tensor.to(checks.device()) for tensor in (x, weight, torch.randn(2, 6, generator=g)))
expected = [F.conv2d(*arguments) for arguments in zip(x, weight, bias, strict=True)]
for received, wanted in zip(checks.on_parts(conv2d, x, weight, bias), expected, strict=True):
    checks.close(
        received,
        wanted,
        "Arguments cut out of larger tensors",
        hint="a view need not begin where its memory does: as_strided needs x.storage_offset().",
    )

# %% conv2d-gradients points=4
# Gradients reach x, weight and bias
g = torch.Generator().manual_seed(36158)
for dtype, settings in [
    (torch.float32, {}),
    (torch.float64, {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": 2}),
]:
    x = torch.randn(2, 4, 7, 9, generator=g, dtype=dtype).to(checks.device())
    weight = torch.randn(6, 4 // settings.get("groups", 1), 3, 2, generator=g, dtype=dtype).to(checks.device())
    bias = torch.randn(6, generator=g, dtype=dtype).to(checks.device())
    rules.from_scratch(conv2d, (x, weight, bias), settings, what="`conv2d` is written from scratch")
    checks.gradients_close(
        conv2d, F.conv2d, {"x": x, "weight": weight, "bias": bias}, "Gradients of conv2d", kwargs=settings
    )

# %% conv2d-errors points=1
# Arguments that make no sense
x, weight = torch.ones(2, 4, 5, 6), torch.ones(6, 4, 3, 3)
kinds = {
    "a weight whose channels times groups are not those of x": [
        {"x": torch.ones(2, 3, 5, 6), "weight": weight},
        {"x": x, "weight": weight, "groups": 2},
    ],
    "a C_out that is not a multiple of groups": [{"x": x, "weight": torch.ones(5, 2, 3, 3), "groups": 2}],
    "a kernel higher or wider than the padded picture": [
        {"x": x, "weight": torch.ones(6, 4, 6, 3)},
        {"x": x, "weight": torch.ones(6, 4, 3, 7)},
    ],
    "a kernel that fits only without its dilation": [{"x": x, "weight": weight, "dilation": (3, 1)}],
    "a stride below 1": [{"x": x, "weight": weight, "stride": 0}],
    "a dilation below 1": [{"x": x, "weight": weight, "dilation": 0}],
    "a negative padding": [{"x": x, "weight": weight, "padding": -1}],
    "a pair for stride with one number below 1": [
        {"x": x, "weight": weight, "stride": (1, 0)},
        {"x": x, "weight": weight, "stride": (-1, 1)},
    ],
    "a pair for dilation with one number below 1": [
        {"x": x, "weight": weight, "dilation": (1, 0)},
        {"x": x, "weight": weight, "dilation": (-1, 1)},
    ],
    "a pair for padding with one number negative": [
        {"x": x, "weight": weight, "padding": (0, -1)},
        {"x": x, "weight": weight, "padding": (-1, 0)},
    ],
    "groups below 1": [
        {"x": x, "weight": weight, "groups": 0},
        {"x": x, "weight": weight, "groups": -1},
        {"x": x, "weight": torch.ones(6, 2, 3, 3), "groups": -2},
    ],
}
checks.refuses(conv2d, kinds, "Arguments that make no sense")
kinds = {
    "a kernel higher or wider than the padded picture, with a stride above 1 in that direction": [
        {"x": x, "weight": torch.ones(6, 4, 6, 3), "stride": 2},
        {"x": x, "weight": torch.ones(6, 4, 3, 7), "stride": 3},
        {"x": x, "weight": torch.ones(6, 4, 3, 8), "stride": (1, 3)},
        {"x": x, "weight": torch.ones(6, 4, 3, 9), "padding": (0, 1), "stride": 2},
    ],
    "a kernel that fits only without its dilation in one direction": [
        {"x": x, "weight": weight, "dilation": (1, 3)},
        {"x": x, "weight": weight, "dilation": (3, 1), "stride": (4, 1)},
    ],
    "a kernel that is both higher and wider than the picture": [
        {"x": x, "weight": torch.ones(6, 4, 7, 8)},
        {"x": x, "weight": torch.ones(6, 4, 8, 9), "stride": 2},
    ],
}
checks.refuses(
    conv2d,
    kinds,
    "Kernels that do not fit, with strides",
    hint="int(a / b) rounds towards zero and // rounds down; and test each direction on its own.",
)

# %% conv2d-speed points=4
# At most 20 times the CPU time of torch's own, on the stated case
g = torch.Generator().manual_seed(11947)
x, weight = torch.randn(1, 32, 64, 64, generator=g), torch.randn(64, 32, 3, 3, generator=g) / 17
expected = F.conv2d(x, weight, padding=1)
rules.from_scratch(conv2d, (x, weight), {"padding": 1}, what="`conv2d` is written from scratch")
received = checks.unchanged(conv2d, x, weight, padding=1, what="The tensors of the case that is timed")
checks.close(received, expected, "The values of the case that is timed")
ratio = checks.cpu_ratio(conv2d, F.conv2d, (x, weight), {"padding": 1}, at_most=20, what="CPU time of conv2d")

# %% conv2d-look-text [markdown]
# Look at the result, and at the time. Twenty times is allowed; a good answer takes three to eight.

# %% conv2d-look
stripes = torch.sin(torch.arange(96.0) / 2).expand(64, 96)
disc = ((torch.arange(64.0)[:, None] - 32) ** 2 + (torch.arange(96.0) - 48) ** 2 < 500).float()
photo = torch.stack([disc, 0.5 * disc + 0.2 * stripes, stripes])[None]
blur, edge = torch.ones(3, 3) / 9, torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
bank = torch.stack([kernel.expand(3, 3, 3) / 3 for kernel in (blur, edge)])
maps = conv2d(photo, bank, padding=2, dilation=2)[0]
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6))
for axis, view, title in zip(axes, maps, ["blur, dilation 2", "Laplacian, dilation 2"], strict=True):
    axis.imshow(view.numpy(), cmap="gray")
    axis.set_title(title)
    axis.axis("off")
x, weight = torch.randn(1, 32, 64, 64), torch.randn(64, 32, 3, 3)
ratio = checks.cpu_ratio(
    conv2d, torch.nn.functional.conv2d, (x, weight), {"padding": 1}, at_most=20, what="CPU time of conv2d"
)
print(f"Your conv2d takes {ratio:.1f} times the CPU time of torch's own.")

# %% im2col-statement [markdown]
# Fast libraries turn a convolution into *one* matrix product: each window becomes a column. A 3×3 picture and a 2×2 kernel make
# four columns of four:
#
# ```
# x            columns
# 1 2 3        1 2 4 5    top left cell of each window
# 4 5 6        2 3 5 6    top right
# 7 8 9        4 5 7 8    bottom left
#              5 6 8 9    bottom right
# ```
#
# **Take** `x` (N, C, H, W); `kernel_size`, `stride` and `padding` are ints or pairs. **Return** a tensor (N, C · kH · kW, L), where L is the number of
# windows. Rows go by channel first, then by row and by column in the kernel; columns go through the windows line by line. That
# is the layout of `torch.nn.functional.unfold`. Keep dtype and device, leave `x` as it is, and let gradients flow.
#
# **Raise `ValueError`** when no window fits into the padded picture, or when a setting, or one number of a pair, is out of range as in task 1.
#
# **From scratch:** `unfold` and `fold` of `torch.nn` are not allowed; an answer that uses one gets no points in this task but for
# `errors` and `unchanged`. The method `Tensor.unfold` is allowed.


# %% im2col
def im2col(
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    """Return the windows of ``x`` (N, C, H, W) as the columns of a tensor (N, C · kH · kW, L)."""
    ### BEGIN SOLUTION
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding)
    )
    if min(k_h, k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:
        raise ValueError("kernel_size and stride are at least 1, padding at least 0")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("the kernel does not fit")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
    ### END SOLUTION


# %% im2col-public points=2
# The case above, and no ready-made unfold
x = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]])
received = rules.from_scratch(im2col, (x, 2), forbid=[rules.UNFOLDING], what="`im2col` is written from scratch")
expected = torch.tensor([[[1.0, 2.0, 4.0, 5.0], [2.0, 3.0, 5.0, 6.0], [4.0, 5.0, 7.0, 8.0], [5.0, 6.0, 8.0, 9.0]]])
checks.close(received, expected, "The case above", case="im2col(x, 2)")

# %% im2col-helpers
import torch.nn.functional as F

# %% im2col-layout points=4
# The order of rows and columns: batch, channels, nothing square
g = torch.Generator().manual_seed(66041)
for shape, kernel_size in [((2, 3, 5, 7), (2, 3)), ((3, 2, 6, 4), (4, 1)), ((1, 4, 4, 5), 3), ((2, 2, 3, 4), (3, 4))]:
    x = torch.randn(shape, generator=g).to(checks.device())
    checks.close(
        rules.from_scratch(im2col, (x, kernel_size), forbid=[rules.UNFOLDING], what="`im2col` is written from scratch"),
        F.unfold(x, kernel_size),
        "Rows and columns in their order",
        hint="rows: channel, kernel row, kernel column; columns: window by window along a line, then the next line.",
    )

# %% im2col-stride points=3
# Stride and padding, also pairs
g = torch.Generator().manual_seed(18733)
x = torch.randn(2, 3, 8, 11, generator=g).to(checks.device())
for stride, padding in [(2, 0), ((3, 2), 0), (1, 1), (1, (2, 1)), ((2, 3), (0, 2)), (3, (3, 1))]:
    checks.close(
        rules.from_scratch(
            im2col, (x, (3, 2), stride, padding), forbid=[rules.UNFOLDING], what="`im2col` is written from scratch"
        ),
        F.unfold(x, (3, 2), stride=stride, padding=padding),
        "With stride and padding",
        hint="pairs are (height, width), and padding is on both sides.",
    )
x = torch.randn(2, 2, 2, 5, generator=g).to(checks.device())
for kernel_size, stride, padding in [(4, 1, 1), ((2, 8), (1, 3), (0, 2)), (2, (2, 3), 0), (3, 2, (1, 0))]:
    checks.close(
        rules.from_scratch(
            im2col, (x, kernel_size, stride, padding), forbid=[rules.UNFOLDING], what="`im2col` is written from scratch"
        ),
        F.unfold(x, kernel_size, stride=stride, padding=padding),
        "A flat picture, with stride and padding",
        hint="the picture with its padding has to hold the kernel.",
    )

# %% im2col-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(90455)
for dtype in (torch.float64, torch.float32):
    x = torch.randn(2, 2, 5, 6, generator=g, dtype=dtype).to(checks.device())
    checks.close(
        rules.from_scratch(im2col, (x, 3, 1, 1), forbid=[rules.UNFOLDING], what="`im2col` is written from scratch"),
        F.unfold(x, 3, padding=1),
        "dtype and precision",
        hint="a buffer was made without dtype=x.dtype.",
    )

# %% im2col-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(7126)
x = torch.randn(2, 6, 5, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
expected = F.unfold(x, (2, 3), padding=1)
received = checks.unchanged(im2col, x, (2, 3), padding=1, what="The picture is left as it was")
checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")
x = torch.randn(3, 2, 2, 5, 4, generator=g).to(checks.device())
expected = [F.unfold(pictures, (3, 2)) for pictures in x]
for received, wanted in zip(checks.on_parts(im2col, x, [(3, 2)] * 3), expected, strict=True):
    checks.close(
        received,
        wanted,
        "Pictures cut out of a larger tensor",
        hint="a view need not begin where its memory does: as_strided needs x.storage_offset().",
    )

# %% im2col-gradients points=2
# Gradients reach the picture
g = torch.Generator().manual_seed(50982)
x = torch.randn(2, 3, 6, 7, generator=g, dtype=torch.float64).to(checks.device())
kwargs = {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}
rules.from_scratch(im2col, (x,), kwargs, forbid=[rules.UNFOLDING], what="`im2col` is written from scratch")
checks.gradients_close(lambda x: im2col(x, **kwargs), lambda x: F.unfold(x, **kwargs), {"x": x}, "Gradients of im2col")

# %% im2col-errors points=1
# Arguments that make no sense
x = torch.ones(1, 2, 4, 6)
kinds = {
    "a kernel higher or wider than the padded picture": [(x, 5), (x, (2, 7)), (x, (7, 3), 1, (1, 0))],
    "a kernel_size below 1": [(x, 0), (x, -1)],
    "a stride below 1": [(x, 2, 0), (x, 2, -2)],
    "a negative padding": [(x, 3, 1, -1), (x, 2, 1, -1)],
    "a pair for kernel_size with one number below 1": [(x, (0, 2)), (x, (2, 0))],
    "a pair for stride with one number below 1": [(x, 2, (1, -1)), (x, 2, (0, 1)), (x, 2, (1, 0))],
    "a pair for padding with one number negative": [
        (x, 2, 1, (0, -1)),
        (x, 2, 1, (-1, 0)),
        (x, 1, 1, (1, -1)),
    ],
}
checks.refuses(im2col, kinds, "Arguments that make no sense")
kinds = {
    "a kernel higher or wider than the padded picture, with a stride above 1 in that direction": [
        (x, (5, 2), 2),
        (x, (2, 7), 3),
        (x, (2, 8), (1, 4)),
        (x, (7, 2), (2, 1), (1, 0)),
    ],
    "a kernel that is both higher and wider than the picture": [(x, (6, 8)), (x, 9, 2)],
}
checks.refuses(
    im2col,
    kinds,
    "Kernels that do not fit, with strides",
    hint="int(a / b) rounds towards zero and // rounds down; and test each direction on its own.",
)

# %% im2col-look-text [markdown]
# Look at the matrix of a gradient picture: each cell of `x` appears in up to kH · kW columns. This is what im2col pays in memory.

# %% im2col-look
ramp = torch.arange(36.0).reshape(1, 1, 6, 6)
columns = im2col(ramp, 3)[0]
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6), width_ratios=[1, 2])
for axis, view, title in zip(
    axes, [ramp[0, 0], columns], ["x, 36 cells", f"im2col, {columns.numel()} cells"], strict=True
):
    axis.imshow(view.numpy(), vmin=0, vmax=35)
    axis.set_title(title)

# %% receptive_field-statement [markdown]
# Which input cells does one output of a stack of layers see? Follow three numbers through the layers, along one direction:
#
# - `size`: how many cells there are from the first to the last that an output sees, both counted, and any between them that it skips;
# - `jump`: how many input cells further the field of the next output begins (the effective stride);
# - `start`: where the middle of the first output's field is. Input cell number i has the coordinate i, so a field over cells 0, 1 and 2 has
#   its middle at 1, and a field over cells 0 and 1 at 0.5. Cells of the padding come before cell 0: their coordinates are −1, −2 and so on. They belong to the
#   field like any other, so that padding makes `start` smaller, even negative.
#
# Without any layer an output is an input cell: size 1, jump 1, start 0. Two layers of kernel 3, stride 2, no padding, by hand:
#
# ```
# input     0 1 2 3 4 5 6 7 8
# layer 1   [0 1 2]               size 3, jump 2, start 1
#               [2 3 4]
#                   [4 5 6]
# layer 2   [0 . . . . . 6]       size 7, jump 4, start 3
# ```
#
# **Take** a list of layers, first layer first; each is a tuple (kernel_size, stride, padding) or (kernel_size, stride, padding, dilation) of ints. Pooling
# layers count as well. The list may be empty; leave it as it is. **Return** the tuple (size, jump, start) of plain numbers of Python: int, int, float.
#
# **Raise `ValueError`** when in any layer the kernel_size, stride or dilation is below 1 or the padding is negative.
#
# *Reference:* Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.


# %% receptive_field
def receptive_field(
    layers: list[tuple[int, int, int] | tuple[int, int, int, int]],
) -> tuple[int, int, float]:
    """Return (size, jump, start) of the receptive field of a stack of layers, in input cells."""
    ### BEGIN SOLUTION
    size, jump, start = 1, 1, 0.0
    for kernel_size, stride, padding, *rest in layers:
        dilation = rest[0] if rest else 1
        if min(kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")
        reach = dilation * (kernel_size - 1)
        size += reach * jump
        start += (reach / 2 - padding) * jump
        jump *= stride
    return size, jump, start
    ### END SOLUTION


# %% receptive_field-public points=2
# The stack above, and a padded layer
checks.equal(receptive_field([]), (1, 1, 0.0), "No layer", case="receptive_field([])")
checks.equal(receptive_field([(3, 2, 0)]), (3, 2, 1.0), "One layer", case="receptive_field([(3, 2, 0)])")
checks.equal(
    receptive_field([(3, 2, 0), (3, 2, 0)]),
    (7, 4, 3.0),
    "Two layers",
    case="receptive_field([(3, 2, 0), (3, 2, 0)])",
    hint="one step in layer 2 is `jump` steps in the input, with the jump of the layers before it.",
)
checks.equal(
    receptive_field([(3, 1, 1)]),
    (3, 1, 0.0),
    "Padding",
    case="receptive_field([(3, 1, 1)])",
    hint="padding shifts `start`.",
)

# %% receptive_field-helpers
import torch.nn.functional as F


# %% receptive_field-size points=3
# The size
def fields(layers, n=600):
    """Find the fields of two neighbouring outputs by the gradient of a real stack of ones."""
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel_size, stride, padding in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel_size, dtype=y.dtype), stride=stride, padding=padding)
    middle = y.shape[2] // 2
    seen = [torch.autograd.grad(y[0, 0, middle + i], x, retain_graph=True)[0].flatten().nonzero() for i in (0, 1)]
    return middle, [(int(cells[0]), int(cells[-1])) for cells in seen]


def size_of(layers):
    _, [(first, last), _] = fields(layers)
    return last - first + 1


stacks = [
    [(3, 1, 1)] * 3,
    [(7, 2, 3), (3, 2, 1), (3, 1, 1)],
    [(5, 1, 0), (2, 2, 0), (5, 1, 0), (2, 2, 0)],
    [(3, 1, 1), (3, 1, 1), (2, 2, 0), (3, 1, 1), (4, 3, 0)],
    [(11, 4, 2), (3, 2, 0), (5, 1, 2)],
    [(1, 2, 0), (3, 1, 0), (1, 1, 0)],
]
checks.agrees(
    lambda layers: receptive_field(layers)[0],
    size_of,
    [(stack,) for stack in stacks],
    "The size of the field",
    hint="each layer adds (kernel_size − 1) steps of the layer below it, and such a step is `jump` input cells wide.",
)


# %% receptive_field-jump points=2
# The jump
def jump_of(layers, n=600):
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel_size, stride, padding in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel_size, dtype=y.dtype), stride=stride, padding=padding)
    middle = y.shape[2] // 2
    seen = [torch.autograd.grad(y[0, 0, middle + i], x, retain_graph=True)[0].flatten().nonzero() for i in (0, 1)]
    return int(seen[1][0] - seen[0][0])


stacks = [
    [(3, 1, 1), (3, 1, 1)],
    [(7, 2, 3), (3, 2, 1), (3, 1, 1)],
    [(3, 3, 0), (2, 2, 0), (5, 2, 1)],
    [(11, 4, 2), (3, 2, 0), (5, 1, 2)],
]
checks.agrees(
    lambda layers: receptive_field(layers)[1],
    jump_of,
    [(stack,) for stack in stacks],
    "The jump",
    hint="a stride of 2 after a stride of 3 makes steps of 6.",
)


# %% receptive_field-start points=2
# The start
def start_of(layers, n=600):
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel_size, stride, padding in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel_size, dtype=y.dtype), stride=stride, padding=padding)
    middle = y.shape[2] // 2
    seen = [torch.autograd.grad(y[0, 0, middle + i], x, retain_graph=True)[0].flatten().nonzero() for i in (0, 1)]
    centre = float(seen[0][0] + seen[0][-1]) / 2
    return centre - middle * float(seen[1][0] - seen[0][0])


stacks = [
    [(4, 1, 0)],
    [(3, 1, 1), (3, 1, 0)],
    [(7, 2, 3), (3, 2, 1), (3, 1, 1)],
    [(2, 2, 0), (2, 2, 0), (5, 1, 2)],
    [(5, 1, 3), (4, 3, 2), (3, 2, 2)],
]
checks.agrees(
    lambda layers: receptive_field(layers)[2],
    start_of,
    [(stack,) for stack in stacks],
    "The start",
    hint="a layer moves the centre by half its reach, less its padding, in steps of the layer below it.",
)


# %% receptive_field-dilation points=2
# Layers with dilation
def field_of(layers, n=900):
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel_size, stride, padding, *rest in layers:
        weight = torch.ones(1, 1, kernel_size, dtype=y.dtype)
        y = F.conv1d(y, weight, stride=stride, padding=padding, dilation=(*rest, 1)[0])
    middle = y.shape[2] // 2
    seen = [torch.autograd.grad(y[0, 0, middle + i], x, retain_graph=True)[0].flatten().nonzero() for i in (0, 1)]
    first, last, jump = int(seen[0][0]), int(seen[0][-1]), int(seen[1][0] - seen[0][0])
    return last - first + 1, jump, (first + last) / 2 - middle * jump


stacks = [
    [(3, 1, 1, 1), (3, 1, 2, 2), (3, 1, 4, 4)],
    [(3, 2, 1), (3, 1, 0, 3), (2, 2, 0)],
    [(4, 1, 0, 5)],
    [(5, 3, 2, 2), (2, 1, 1, 3)],
]
checks.agrees(
    receptive_field,
    field_of,
    [(stack,) for stack in stacks],
    "Layers with dilation",
    hint="a dilated kernel reaches over dilation · (kernel_size − 1) + 1 cells.",
)
layers = [(3, 2, 1), (5, 1, 2), (2, 3, 0, 2)]
checks.equal(receptive_field(layers), (15, 6, 2.0), "A stack of three layers")
checks.equal(
    layers,
    [(3, 2, 1), (5, 1, 2), (2, 3, 0, 2)],
    "The list of layers, afterwards",
    hint="pop, clear and reverse change the caller's list.",
)

# %% receptive_field-errors points=1
# Layers that make no sense
bad = {
    "a kernel_size below 1": [(0, 1, 0), (-1, 1, 0)],
    "a stride below 1": [(3, 0, 0), (3, -2, 0)],
    "a negative padding": [(3, 1, -1), (3, 1, -1, 2)],
    "a dilation below 1": [(3, 1, 0, 0), (3, 1, 0, -1)],
    "two settings that are negative at once": [(-3, -1, 0), (-3, 1, 0, -1), (3, -1, 0, -2)],
}
good = (3, 1, 1)
kinds = {f"{kind} in the only layer": [([layer],) for layer in layers] for kind, layers in bad.items()}
kinds |= {f"{kind} in the first layer of two": [([layer, good],) for layer in layers] for kind, layers in bad.items()}
kinds |= {f"{kind} in the second layer of two": [([good, layer],) for layer in layers] for kind, layers in bad.items()}
checks.refuses(receptive_field, kinds, "Layers that make no sense")

# %% receptive_field-look-text [markdown]
# Look at how fast the field grows: eight layers of 3×3, plain, with a stride of 2 in every second one, and with dilation.

# %% receptive_field-look
stacks = {
    "stride 1": [(3, 1, 1)] * 8,
    "stride 2 in every second": [(3, 1, 1), (3, 2, 1)] * 4,
    "dilation 1, 2, 4, …": [(3, 1, 2**i, 2**i) for i in range(8)],
}
figure, axis = plt.subplots(figsize=(6, 3))
for label, stack in stacks.items():
    axis.plot(range(9), [receptive_field(stack[:depth])[0] for depth in range(9)], marker="o", label=label)
axis.set_yscale("log", base=2)
axis.set_xlabel("layers")
axis.set_ylabel("size of the field (cells)")
_ = axis.legend()

# %% conv_macs-statement [markdown]
# What does a layer cost? Count its multiply–accumulates: each output number is a sum of products, one for each weight of its
# filter. A picture of 32×32×3, six filters of 5×5: each of the 28 · 28 · 6 outputs takes 5 · 5 · 3 = 75 products, 352,800 in
# all.
#
# **Take** `in_shape`, the tuple (C, H, W) of *one* picture; `kernel_size`, `stride`, `padding` and `dilation` are ints or pairs. **Return** a plain int of Python. Products
# with the zeros of the padding count (the machine carries them out); the bias does not count. One multiply–accumulate counts 1, not 2.
#
# **Raise `ValueError`** when `c_out` or `groups` is below 1, when `groups` does not divide both C and `c_out`, when no window fits, or when a setting,
# or one number of a pair, is out of range as in task 1. A window that fits exactly does fit.


# %% conv_macs
def conv_macs(
    in_shape: tuple[int, int, int],
    c_out: int,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> int:
    """Return the multiply–accumulates of a convolution over one picture of shape ``in_shape`` (C, H, W)."""
    ### BEGIN SOLUTION
    c_in, *sizes = in_shape
    kernel, stride, padding, dilation = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding, dilation)
    )
    if min(c_in, *sizes, c_out, groups, *kernel, *stride, *dilation) < 1 or min(padding) < 0:
        raise ValueError("sizes, channels, strides and dilations are at least 1, padding at least 0")
    if c_in % groups or c_out % groups:
        raise ValueError(f"{groups} groups do not divide {c_in} and {c_out} channels")
    positions = 1
    for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError("the kernel does not fit")
        positions *= room // s + 1
    return positions * c_out * (c_in // groups) * kernel[0] * kernel[1]
    ### END SOLUTION


# %% conv_macs-public points=1
# Two layers by hand
checks.equal(conv_macs((1, 3, 3), 1, 2), 16, "Four positions, four products", case="conv_macs((1, 3, 3), 1, 2)")
checks.equal(conv_macs((3, 32, 32), 6, 5), 352_800, "The case above", case="conv_macs((3, 32, 32), 6, 5)")
checks.equal(
    conv_macs((4, 8, 8), 4, 1, groups=4), 256, "One channel a group", case="conv_macs((4, 8, 8), 4, 1, groups=4)"
)


# %% conv_macs-positions points=3
# Channels, kernels, stride and padding
def products_of_a_real_layer(in_shape, c_out, kernel_size, stride=1, padding=0):
    layer = torch.nn.Conv2d(in_shape[0], c_out, kernel_size, stride, padding, device="meta")
    return layer(torch.empty(in_shape, device="meta")).numel() * layer.weight[0].numel()


cases = [
    ((1, 28, 28), 6, 5, 1, 2),
    ((3, 224, 224), 64, 7, 2, 3),
    ((3, 227, 227), 96, 11, 4),
    ((16, 15, 10), 8, 3, 2),
    ((64, 56, 56), 64, 3, 1, 1),
    ((512, 7, 9), 1000, 1),
    ((512, 112, 96), 512, 3, 1, 1),
    ((3, 5, 9), 2, 5, 2),
    ((2, 3, 4), 5, 7, 3, 2),
]
checks.agrees(
    conv_macs,
    products_of_a_real_layer,
    cases,
    "Multiply–accumulates",
    hint="outputs (all their channels) times the weights of one filter (all its channels).",
)


# %% conv_macs-groups points=2
# Groups
def products_of_a_real_layer(in_shape, c_out, kernel_size, padding, groups):
    layer = torch.nn.Conv2d(in_shape[0], c_out, kernel_size, padding=padding, groups=groups)
    return layer(torch.ones(in_shape)).numel() * layer.weight[0].numel()


sizes = [((96, 27, 27), 256, 5, 2, 2), ((12, 9, 14), 12, 3, 1, 12), ((6, 5, 8), 18, 3, 0, 6), ((8, 6, 6), 4, 1, 0, 4)]
cases = [dict(zip(("in_shape", "c_out", "kernel_size", "padding", "groups"), size, strict=True)) for size in sizes]
checks.agrees(
    conv_macs,
    products_of_a_real_layer,
    cases,
    "Multiply–accumulates with groups",
    hint="a filter sees C / groups channels; the number of filters stays.",
)


# %% conv_macs-pairs points=1
# Pairs and dilation
def products_of_a_real_layer(in_shape, c_out, kernel_size, stride, padding, dilation):
    layer = torch.nn.Conv2d(in_shape[0], c_out, kernel_size, stride, padding, dilation)
    return layer(torch.ones(in_shape)).numel() * layer.weight[0].numel()


cases = [
    ((3, 20, 31), 4, (1, 7), 1, (0, 3), 1),
    ((2, 17, 12), 5, (3, 2), (2, 3), (1, 0), 1),
    ((4, 16, 16), 3, 3, 1, 0, 4),
    ((4, 19, 16), 3, (3, 4), (1, 2), 2, (3, 1)),
    ((2, 5, 7), 3, (5, 7), 1, 0, 1),
    ((2, 5, 8), 3, 3, (1, 2), 0, (2, 1)),
    ((3, 4, 9), 2, (6, 2), 3, (1, 0), 1),
]
checks.agrees(
    conv_macs,
    products_of_a_real_layer,
    cases,
    "Pairs and dilation",
    hint="dilation changes how many windows fit, not how many products a window takes.",
)

# %% conv_macs-errors points=1
# Layers that make no sense
layer = {"in_shape": (3, 8, 8), "c_out": 2, "kernel_size": 3}
kinds = {
    "groups that divide C, and not c_out": [{"in_shape": (4, 8, 8), "c_out": 6, "kernel_size": 3, "groups": 4}],
    "groups that divide c_out, and not C": [{"in_shape": (3, 8, 8), "c_out": 6, "kernel_size": 3, "groups": 2}],
    "a c_out below 1": [{**layer, "c_out": 0}, {**layer, "c_out": -2}],
    "groups below 1": [
        {**layer, "groups": 0},
        {"in_shape": (4, 8, 8), "c_out": 6, "kernel_size": 3, "groups": -1},
        {"in_shape": (4, 8, 8), "c_out": 6, "kernel_size": 3, "groups": -2},
    ],
    "c_out and groups that are both below 1": [{"in_shape": (4, 8, 8), "c_out": -6, "kernel_size": 3, "groups": -2}],
    "a kernel larger than the padded picture in one direction": [
        {"in_shape": (3, 8, 4), "c_out": 2, "kernel_size": 5},
    ],
    "a kernel that fits only without its dilation": [{**layer, "dilation": (1, 4)}],
    "a stride below 1": [{**layer, "stride": 0}],
    "a negative padding": [{**layer, "padding": -1}],
    "a pair for kernel_size with a number below 1": [
        {**layer, "kernel_size": (0, 3)},
        {**layer, "kernel_size": (3, 0)},
        {**layer, "kernel_size": (-3, -3)},
    ],
    "a pair for stride with one number below 1": [
        {**layer, "stride": (1, 0)},
        {**layer, "stride": (-1, 1)},
    ],
    "a pair for dilation with one number below 1": [
        {**layer, "dilation": (1, 0)},
        {**layer, "dilation": (0, 1)},
    ],
    "a pair for padding with one number negative": [
        {**layer, "padding": (0, -1)},
        {**layer, "padding": (-1, 0)},
    ],
}
checks.refuses(conv_macs, kinds, "Layers that make no sense")
kinds = {
    "a kernel larger than the picture in one direction, with a stride above 1 there": [
        {"in_shape": (3, 8, 4), "c_out": 2, "kernel_size": 5, "stride": 2},
        {"in_shape": (3, 4, 8), "c_out": 2, "kernel_size": 5, "stride": 2},
        {"in_shape": (3, 4, 8), "c_out": 2, "kernel_size": (6, 3), "stride": (3, 1)},
    ],
    "a kernel that fits only without its dilation, with a stride above 1": [
        {"in_shape": (3, 6, 5), "c_out": 2, "kernel_size": 4, "dilation": 2, "stride": 2},
    ],
    "a kernel larger than the picture in both directions": [
        {"in_shape": (3, 4, 5), "c_out": 2, "kernel_size": 7},
        {"in_shape": (3, 4, 5), "c_out": 2, "kernel_size": 9, "stride": 2},
    ],
}
checks.refuses(
    conv_macs,
    kinds,
    "Kernels that do not fit, with strides",
    hint="int(a / b) rounds towards zero and // rounds down; and test each direction on its own.",
)
