# %% [markdown]
# # Layers
#
# You write the parts that stand between the convolutions: the nonlinearity, three kinds of pooling, the classifier with its
# loss, and the three things that keep training sane.
#
# - You need: Chapter 03. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Four to six hours. The longest tasks are the first pooling and `BatchNorm2d`.
# - Hidden checks try: other sizes, windows that are not square, batches, float64, bfloat16, and arguments that make no sense
#
# **From scratch.** Each statement names the functions of torch that do the whole job; they are forbidden, under any name. An
# answer that uses one gets no points in that task, but for `errors` and `unchanged`. All the rest of torch is allowed. Operations
# must be torch's where gradients are asked for, since autograd cannot follow numpy.
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W): pictures, channels, rows, columns. A size that may be *an int or a
# pair* is either one number, used for both directions, or a tuple (height, width). *Results keep the dtype and the device of `x`,
# and `x` stays as it is*, unless a statement says otherwise.

# %% relu-statement [markdown]
# The rectifier lets positive numbers pass and turns the others into 0:
#
# ```
# x        -2    -0.5    0    1.5
# relu(x)   0     0      0    1.5
# gradient  0     0      0    1
# ```
#
# At 0 the function has a corner, and no slope. Take 0 there, as torch does. Minus infinity gives 0. A nan stays nan: a broken network
# should be seen to be broken.
#
# **Take** `x` of any shape, a single number included. **Return** a new tensor of that shape.
#
# **From scratch:** no `relu` of torch, and none of its relatives (`relu6`, `leaky_relu`, `prelu`, `threshold`, `hardtanh`, …).

# %% relu forbid="rectifiers"
def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(0, x) of each element."""
    ### BEGIN SOLUTION
    return torch.where(x <= 0, torch.zeros_like(x), x)
    ### END SOLUTION


# %% relu-public points=1
# The numbers above, and no ready-made rectifier
x = torch.tensor([-2.0, -0.5, 0.0, 1.5])
checks.close(
    rules.from_scratch(relu, (x,), forbid=forbidden, what="`relu` is written from scratch"),
    torch.tensor([0.0, 0.0, 0.0, 1.5]),
    "The numbers above",
    case="relu(x)",
    hint="negative numbers become 0, positive ones stay.",
)

# %% relu-values points=2
# Tensors of any shape, in float32 and float64
g = torch.Generator().manual_seed(40817)
for shape, dtype in [
    ((2, 3, 4, 5), torch.float32),
    ((7,), torch.float64),
    ((), torch.float32),
    ((3, 0), torch.float64),
    ((2, 5), torch.bfloat16),
]:
    x = (5 * torch.randn(shape, generator=g)).to(checks.device(), dtype)
    for numbers in (x, -x):
        checks.close(
            rules.from_scratch(relu, (numbers,), forbid=forbidden, what="`relu` is written from scratch"),
            torch.relu(numbers),
            "Shape, dtype and values",
            hint="the result has the shape and the dtype of x; negative numbers become 0, large ones stay.",
        )

# %% relu-unchanged points=1
# x is left as it was
g = torch.Generator().manual_seed(1153)
x = torch.randn(3, 4, 6, generator=g).to(checks.device()).transpose(0, 2)
received = checks.unchanged(relu, x, what="x is left as it was")
checks.shape(received, (6, 4, 3), "The result of that call")
positive = x.abs() + 1
checks.equal(
    relu(positive) is positive, False, "The result is x itself", hint="return a new tensor, also where all stays."
)

# %% relu-gradients points=1
# The gradient: 1, 0, and 0 at the corner
x = torch.tensor([[-3.0, -0.25, 0.0], [0.0, 0.5, 4.0]], dtype=torch.float64).to(checks.device())
rules.from_scratch(relu, (x,), forbid=forbidden, what="`relu` is written from scratch")
checks.gradients_close(
    relu,
    torch.relu,
    {"x": x},
    "The gradient of relu",
    hint="the gradient at exactly 0 is to be 0; torch.maximum gives a half there.",
)

# %% relu-special points=1
# Infinities and nan
x = torch.tensor([-torch.inf, torch.inf, torch.nan, -1e30, 1e30]).to(checks.device())
checks.close(
    rules.from_scratch(relu, (x,), forbid=forbidden, what="`relu` is written from scratch"),
    torch.relu(x),
    "Infinities and nan",
    hint="0 times infinity is nan, and a nan is neither above nor below 0.",
)

# %% max_pool2d-statement [markdown]
# Pooling slides a window over each channel on its own and keeps one number of each window. Here, the largest. A window of 2×2
# with stride 2, by hand:
#
# ```
# x                   result
# 1  5 | 2  0
# 3  2 | 1  1         5  2
# ------------
# 0 -1 | 4  4         0  7
# -2 -3 | 7  2
# ```
#
# Windows that do not fit are dropped, as in a convolution. The padding holds cells that **never win**, whatever the sign of the numbers
# inside.
#
# **Take** `x` (N, C, H, W); `kernel_size`, `stride` and `padding` are ints or pairs; a `stride` of None means `kernel_size`. **Return** (N, C, H', W').
# Gradients flow to the cells that won; where several tie, share it as you like.
#
# **Raise `ValueError`** when `kernel_size` or `stride` is below 1, when `padding` is negative or more than half of `kernel_size` (a window could then
# lie outside entirely), or when no window fits.
#
# **From scratch:** none of torch's pooling functions and modules. `torch.nn.functional.pad`, `unfold` and the method `Tensor.unfold` are allowed.
#
# *Hint.* `x.unfold(2, size, step)` is a view in which the windows along axis 2 have an axis of their own, the last.


# %% max_pool2d forbid="pooling" instead="cut the windows out with slices or strides, and take the largest number of each"
def max_pool2d(
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    """Return the largest number of each window of ``x`` (N, C, H, W)."""
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding)
    )
    if min(k_h, k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:
        raise ValueError("kernel_size and stride are at least 1, padding at least 0")
    if 2 * p_h > k_h or 2 * p_w > k_w:
        raise ValueError("padding is at most half of kernel_size")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("no window fits")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.flatten(4).max(-1).values
    ### END SOLUTION


# %% max_pool2d-public points=2
# The case above, and no ready-made pooling
x = torch.tensor([[[[1.0, 5.0, 2.0, 0.0], [3.0, 2.0, 1.0, 1.0], [0.0, -1.0, 4.0, 4.0], [-2.0, -3.0, 7.0, 2.0]]]])
checks.close(
    rules.from_scratch(max_pool2d, (x, 2), forbid=forbidden, what="`max_pool2d` is written from scratch"),
    torch.tensor([[[[5.0, 2.0], [0.0, 7.0]]]]),
    "The case above",
    case="max_pool2d(x, 2)",
)
checks.close(
    max_pool2d(x[:, :, 2:, :2], 2, stride=1, padding=1),
    torch.tensor([[[[0.0, 0.0, -1.0], [0.0, 0.0, -1.0], [-2.0, -2.0, -3.0]]]]),
    "Padding around negative numbers",
    case="max_pool2d(x[:, :, 2:, :2], 2, stride=1, padding=1)",
    hint="a padding of zeros would win against negative numbers.",
)

# %% max_pool2d-helpers
import torch.nn.functional as F

# %% max_pool2d-windows points=3
# A batch with several channels; windows and strides that are not square and do not divide
g = torch.Generator().manual_seed(71209)
for shape, settings in [
    ((2, 3, 9, 14), {"kernel_size": 3}),
    ((3, 2, 8, 11), {"kernel_size": (2, 4)}),
    ((2, 4, 10, 7), {"kernel_size": (4, 3), "stride": (3, 2)}),
    ((1, 3, 7, 12), {"kernel_size": (3, 2), "stride": 1}),
    ((2, 2, 11, 9), {"kernel_size": 2, "stride": (1, 4)}),
    ((2, 2, 5, 6), {"kernel_size": (5, 6), "stride": 3}),
    ((2, 1, 6, 5), {"kernel_size": 1, "stride": (2, 3)}),
]:
    x = torch.randn(shape, generator=g).to(checks.device())
    checks.close(
        rules.from_scratch(max_pool2d, (x,), settings, forbid=forbidden, what="`max_pool2d` is written from scratch"),
        F.max_pool2d(x, **settings),
        "The largest number of each window",
        hint="height and width have settings of their own, channels stay apart, and a window that does not fit is dropped.",
    )

# %% max_pool2d-padding points=3
# Padding never wins, also among negative numbers
g = torch.Generator().manual_seed(23391)
x = -1 - torch.rand(2, 3, 7, 10, generator=g).to(checks.device())
for settings in [
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (2, 5), "stride": 1, "padding": (0, 2)},
    {"kernel_size": (4, 3), "stride": (3, 1), "padding": (2, 0)},
    {"kernel_size": (3, 4), "padding": (1, 2)},
]:
    for picture in (x, 1000 * x, -x):
        checks.close(
            rules.from_scratch(
                max_pool2d, (picture,), settings, forbid=forbidden, what="`max_pool2d` is written from scratch"
            ),
            F.max_pool2d(picture, **settings),
            "With padding",
            hint="what lies outside must be smaller than any number; pad takes the last axis first.",
        )

# %% max_pool2d-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(6604)
for dtype in (torch.float64, torch.float32, torch.bfloat16):
    x = torch.randn(2, 3, 6, 9, generator=g, dtype=torch.float64).to(checks.device(), dtype)
    checks.close(
        rules.from_scratch(
            max_pool2d, (x, (2, 3), 2, (1, 0)), forbid=forbidden, what="`max_pool2d` is written from scratch"
        ),
        F.max_pool2d(x, (2, 3), 2, (1, 0)),
        "dtype and precision",
        hint="somewhere on the way the numbers are float32.",
    )

# %% max_pool2d-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(90127)
x = -torch.rand(2, 6, 5, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
expected = F.max_pool2d(x, (2, 3), 1)
received = checks.unchanged(max_pool2d, x, (2, 3), 1, what="The picture is left as it was")
checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")

# %% max_pool2d-gradients points=3
# Gradients reach the cells that won
g = torch.Generator().manual_seed(55218)
for dtype, settings in [
    (torch.float32, {"kernel_size": 2}),
    (torch.float64, {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
]:
    x = torch.randn(2, 3, 7, 8, generator=g, dtype=dtype).to(checks.device())
    rules.from_scratch(max_pool2d, (x,), settings, forbid=forbidden, what="`max_pool2d` is written from scratch")
    checks.gradients_close(
        max_pool2d,
        lambda x, **more: F.max_pool2d(x, **more),
        {"x": x},
        "Gradients of max_pool2d",
        kwargs=settings,
        hint="a cell that wins in two windows gets both gradients; a cell that never wins gets 0.",
    )

# %% max_pool2d-errors points=1
# Arguments that make no sense, and padding that is just small enough
x = torch.arange(80.0).reshape(1, 2, 5, 8) - 40
kinds = {
    "a window larger than the padded picture": [(x, 9), (x, 10)],
    "a kernel_size below 1": [(x, 0), (x, -1)],
    "a stride below 1": [(x, 2, 0), (x, 2, -1)],
    "a negative padding": [(x, 2, 1, -1)],
    "a padding of more than half of kernel_size": [(x, 2, 1, 2), (x, 3, 1, 2)],
}
checks.refuses(max_pool2d, kinds, "Arguments that make no sense")
kinds = {
    "a window higher or wider than the padded picture": [(x, (7, 11)), (x, (6, 2)), (x, (2, 9))],
    "a pair for kernel_size with one number below 1": [(x, (0, 2)), (x, (2, 0))],
    "a pair for stride with one number below 1": [
        (x, 2, (0, 1)),
        (x, 2, (1, 0)),
        (x, 2, (1, -1)),
        (x, 2, (-1, 1)),
    ],
    "a pair for padding with one number negative": [
        (x, 2, 1, (-1, 0)),
        (x, 2, 1, (0, -1)),
        (x, 2, 1, (-1, 1)),
    ],
    "a padding of more than half of kernel_size in one direction": [
        (x, 3, 1, (2, 0)),
        (x, 3, 1, (0, 2)),
        (x, (3, 5), 1, (2, 0)),
        (x, (5, 3), 1, (0, 2)),
        (x, (1, 3), 1, 1),
        (x, (3, 1), 1, 1),
    ],
}
checks.refuses(max_pool2d, kinds, "Pairs that make no sense", hint="height and width each need a test of their own.")
for settings in [
    {"kernel_size": 4, "padding": 2},
    {"kernel_size": 5, "stride": 3, "padding": 2},
    {"kernel_size": (7, 1), "stride": 1, "padding": (1, 0)},
    {"kernel_size": (2, 10), "padding": (0, 1)},
    {"kernel_size": (5, 8)},
]:
    expected = F.max_pool2d(x, **settings)
    checks.close(max_pool2d(x, **settings), expected, "A padding of half the window, and a window that just fits")

# %% avg_pool2d-statement [markdown]
# The same windows, and now their mean. With padding there is a choice: do the zeros outside count as cells? A window of 2×2 at a
# corner with `padding=1` sees one real cell, say 8, and three zeros.
#
# ```
# count_include_pad=True     8 / 4 = 2      divide by the window's size (torch's default)
# count_include_pad=False    8 / 1 = 8      divide by the number of real cells in it
# ```
#
# The first makes borders darker; the second does not.
#
# **Take** `x` (N, C, H, W); `kernel_size`, `stride` and `padding` as in task 2. **Return** (N, C, H', W').
#
# **Raise `ValueError`** as in task 2.
#
# **From scratch:** none of torch's pooling functions and modules, nor `interpolate`.


# %% avg_pool2d forbid="pooling" instead="cut the windows out with slices or strides, and take the mean of each"
def avg_pool2d(
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    """Return the mean of each window of ``x`` (N, C, H, W), over all its cells or over the real ones."""
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding)
    )
    if min(k_h, k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:
        raise ValueError("kernel_size and stride are at least 1, padding at least 0")
    if 2 * p_h > k_h or 2 * p_w > k_w:
        raise ValueError("padding is at most half of kernel_size")

    def sums(x: torch.Tensor) -> torch.Tensor:
        padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
        if padded.shape[2] < k_h or padded.shape[3] < k_w:
            raise ValueError("no window fits")
        return padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w).sum((-2, -1))

    return sums(x) / (k_h * k_w if count_include_pad else sums(torch.ones_like(x[:1, :1])))
    ### END SOLUTION


# %% avg_pool2d-public points=1
# Four numbers, the corner above, and no ready-made pooling
x = torch.tensor([[[[8.0, 1.0], [3.0, 0.0]]]])
checks.close(
    rules.from_scratch(avg_pool2d, (x, 2), forbid=forbidden, what="`avg_pool2d` is written from scratch"),
    torch.tensor([[[[3.0]]]]),
    "The mean of 8, 1, 3 and 0",
    case="avg_pool2d(x, 2)",
)
for include, corner in [(True, 2.0), (False, 8.0)]:
    checks.close(
        avg_pool2d(x, 2, padding=1, count_include_pad=include)[:, :, :1, :1],
        torch.tensor([[[[corner]]]]),
        f"The corner above, count_include_pad={include}",
        case=f"avg_pool2d(x, 2, padding=1, count_include_pad={include})[:, :, :1, :1]",
        hint="the question is by how many cells the sum is divided.",
    )

# %% avg_pool2d-helpers
import torch.nn.functional as F

# %% avg_pool2d-windows points=3
# A batch with several channels; windows and strides that are not square and do not divide
g = torch.Generator().manual_seed(30874)
for shape, settings in [
    ((2, 3, 9, 14), {"kernel_size": 3}),
    ((3, 2, 8, 11), {"kernel_size": (2, 4)}),
    ((2, 4, 10, 7), {"kernel_size": (4, 3), "stride": (3, 2)}),
    ((1, 3, 7, 12), {"kernel_size": (3, 2), "stride": 1}),
    ((2, 2, 5, 6), {"kernel_size": (5, 6), "stride": 3}),
]:
    x = torch.randn(shape, generator=g).to(checks.device())
    for include in (True, False):
        settings = settings | {"count_include_pad": include}
        checks.close(
            rules.from_scratch(
                avg_pool2d, (x,), settings, forbid=forbidden, what="`avg_pool2d` is written from scratch"
            ),
            F.avg_pool2d(x, **settings),
            "The mean of each window",
            hint="height and width have settings of their own, and a window that does not fit is dropped.",
        )

# %% avg_pool2d-padding points=2
# Padding, with its zeros counted
g = torch.Generator().manual_seed(4415)
x = torch.randn(2, 3, 7, 10, generator=g).to(checks.device())
for settings in [
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (2, 5), "stride": 1, "padding": (0, 2)},
    {"kernel_size": (4, 3), "stride": (3, 1), "padding": (2, 0)},
]:
    checks.close(
        rules.from_scratch(avg_pool2d, (x,), settings, forbid=forbidden, what="`avg_pool2d` is written from scratch"),
        F.avg_pool2d(x, **settings),
        "With padding that counts",
        hint="unless told otherwise, divide by the size of the window, and pad on both sides.",
    )

# %% avg_pool2d-real points=2
# Padding, with real cells counted only
g = torch.Generator().manual_seed(88162)
x = torch.randn(2, 3, 7, 10, generator=g).to(checks.device())
for settings in [
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (2, 5), "stride": 1, "padding": (0, 2)},
    {"kernel_size": (4, 3), "stride": (3, 1), "padding": (2, 0)},
]:
    settings = settings | {"count_include_pad": False}
    for picture in (x, x.clamp(min=0)):
        checks.close(
            rules.from_scratch(
                avg_pool2d, (picture,), settings, forbid=forbidden, what="`avg_pool2d` is written from scratch"
            ),
            F.avg_pool2d(picture, **settings),
            "With real cells counted only",
            hint="a window may lose cells above, below, left or right; and a real cell that holds 0 does count.",
        )

# %% avg_pool2d-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(77093)
for dtype, rtol in [(torch.float64, None), (torch.float32, None), (torch.bfloat16, 0.05)]:
    x = torch.randn(2, 3, 6, 9, generator=g, dtype=torch.float64).to(checks.device(), dtype)
    for include in (True, False):
        checks.close(
            rules.from_scratch(
                avg_pool2d,
                (x, (3, 2), 2, (1, 0), include),
                forbid=forbidden,
                what="`avg_pool2d` is written from scratch",
            ),
            F.avg_pool2d(x, (3, 2), 2, (1, 0), count_include_pad=include),
            "dtype and precision",
            hint="somewhere on the way the numbers are float32.",
            rtol=rtol,
        )

# %% avg_pool2d-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(1209)
x = torch.randn(2, 6, 5, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
expected = F.avg_pool2d(x, (2, 3), 1)
received = checks.unchanged(avg_pool2d, x, (2, 3), 1, what="The picture is left as it was")
checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")

# %% avg_pool2d-gradients points=1
# Gradients are shared out evenly
g = torch.Generator().manual_seed(60331)
x = torch.randn(2, 3, 7, 8, generator=g, dtype=torch.float64).to(checks.device())
for include in (True, False):
    settings = {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0), "count_include_pad": include}
    rules.from_scratch(avg_pool2d, (x,), settings, forbid=forbidden, what="`avg_pool2d` is written from scratch")
    checks.gradients_close(
        avg_pool2d, lambda x, **more: F.avg_pool2d(x, **more), {"x": x}, "Gradients of avg_pool2d", kwargs=settings
    )

# %% avg_pool2d-errors points=1
# Arguments that make no sense, and padding that is just small enough
x = torch.arange(80.0).reshape(1, 2, 5, 8) - 40
kinds = {
    "a window larger than the padded picture": [(x, 9), (x, 10)],
    "a kernel_size below 1": [(x, 0), (x, -1)],
    "a stride below 1": [(x, 2, 0), (x, 2, -1)],
    "a negative padding": [(x, 2, 1, -1)],
    "a padding of more than half of kernel_size": [(x, 2, 1, 2), (x, 3, 1, 2)],
}
checks.refuses(avg_pool2d, kinds, "Arguments that make no sense")
kinds = {
    "a window higher or wider than the padded picture": [(x, (7, 11)), (x, (6, 2)), (x, (2, 9))],
    "a pair for kernel_size with one number below 1": [(x, (0, 2)), (x, (2, 0))],
    "a pair for stride with one number below 1": [
        (x, 2, (0, 1)),
        (x, 2, (1, 0)),
        (x, 2, (1, -1)),
        (x, 2, (-1, 1)),
    ],
    "a pair for padding with one number negative": [
        (x, 2, 1, (-1, 0)),
        (x, 2, 1, (0, -1)),
        (x, 2, 1, (-1, 1)),
    ],
    "a padding of more than half of kernel_size in one direction": [
        (x, 3, 1, (2, 0)),
        (x, 3, 1, (0, 2)),
        (x, (3, 5), 1, (2, 0)),
        (x, (5, 3), 1, (0, 2)),
        (x, (1, 3), 1, 1),
        (x, (3, 1), 1, 1),
    ],
}
checks.refuses(avg_pool2d, kinds, "Pairs that make no sense", hint="height and width each need a test of their own.")
for settings in [
    {"kernel_size": 4, "padding": 2},
    {"kernel_size": 5, "stride": 3, "padding": 2},
    {"kernel_size": (7, 1), "stride": 1, "padding": (1, 0)},
    {"kernel_size": (2, 10), "padding": (0, 1)},
    {"kernel_size": (5, 8)},
]:
    expected = F.avg_pool2d(x, **settings)
    checks.close(avg_pool2d(x, **settings), expected, "A padding of half the window, and a window that just fits")

# %% lp_pool2d-statement [markdown]
# Between the mean and the largest lies the norm. Each window becomes
#
# $$\Big(\sum_{\text{window}} |x|^p\Big)^{1/p} .$$
#
# With p = 1 that is the sum of the magnitudes; the larger p, the more the largest cell alone decides. A window that holds 3, −4, 0
# and 0 gives 5 for p = 2.
#
# **Take** `x` (N, C, H, W) and `norm_type`, the p, a finite number of at least 1, not always a whole one; `kernel_size` and `stride` as in task 2.
# There is no padding. (For p = ∞ the norm is the largest magnitude; nobody asks for it here.) **Return** (N, C, H', W').
#
# **Gradients.** A window of zeros only (behind a ReLU there are many) gives 0, and its gradient is to be 0, too. The root's own slope at 0 is
# infinite, so something must be done about it.
#
# **Raise `ValueError`** when `norm_type`, `kernel_size` or `stride` is below 1, or when no window fits.
#
# **From scratch:** none of torch's pooling functions and modules. (torch's own `lp_pool2d` leaves out the magnitude bars, so do not compare
# with it for odd p.)


# %% lp_pool2d forbid="pooling" instead="cut the windows out with slices or strides, and take the norm of each"
def lp_pool2d(
    x: torch.Tensor,
    norm_type: float,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
) -> torch.Tensor:
    """Return the norm of order ``norm_type`` of each window of ``x`` (N, C, H, W)."""
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    (k_h, k_w), (s_h, s_w) = ((value, value) if isinstance(value, int) else value for value in (kernel_size, stride))
    if min(norm_type, k_h, k_w, s_h, s_w) < 1:
        raise ValueError("norm_type, kernel_size and stride are at least 1")
    if x.shape[2] < k_h or x.shape[3] < k_w:
        raise ValueError("no window fits")
    sums = x.abs().pow(norm_type).unfold(2, k_h, s_h).unfold(3, k_w, s_w).sum((-2, -1))
    # The root is taken of 1 where the sum is 0: its slope there would be infinite, and infinity times 0 is nan.
    filled = sums > 0
    roots = torch.where(filled, sums, torch.ones_like(sums)).pow(1 / norm_type)
    return torch.where(filled, roots, torch.zeros_like(sums))
    ### END SOLUTION


# %% lp_pool2d-public points=1
# Three, minus four and two zeros; and no ready-made pooling
x = torch.tensor([[[[3.0, -4.0], [0.0, 0.0]]]])
checks.close(
    rules.from_scratch(lp_pool2d, (x, 2, 2), forbid=forbidden, what="`lp_pool2d` is written from scratch"),
    torch.tensor([[[[5.0]]]]),
    "The window above",
    case="lp_pool2d(x, 2, 2)",
    hint="sum the squares, then take the root.",
)
checks.close(
    lp_pool2d(x, 1, 2),
    torch.tensor([[[[7.0]]]]),
    "The sum of the magnitudes",
    case="lp_pool2d(x, 1, 2)",
    hint="|x| before the power.",
)

# %% lp_pool2d-helpers
import torch.nn.functional as F

# %% lp_pool2d-windows points=2
# A batch with several channels, windows and strides of all kinds, float32 and float64
g = torch.Generator().manual_seed(51830)
for shape, settings, dtype in [
    ((2, 3, 9, 14), {"norm_type": 2, "kernel_size": 3}, torch.float32),
    ((3, 2, 8, 11), {"norm_type": 4, "kernel_size": (2, 4)}, torch.float64),
    ((2, 4, 10, 7), {"norm_type": 2, "kernel_size": (4, 3), "stride": (3, 2)}, torch.float64),
    ((1, 3, 7, 12), {"norm_type": 2.0, "kernel_size": (3, 2), "stride": 1}, torch.float32),
    ((2, 2, 5, 6), {"norm_type": 6, "kernel_size": (5, 6), "stride": 3}, torch.float32),
    ((2, 1, 4, 6), {"norm_type": 2, "kernel_size": 2}, torch.bfloat16),
]:
    x = torch.randn(shape, generator=g, dtype=torch.float64).to(checks.device(), dtype)
    checks.close(
        rules.from_scratch(lp_pool2d, (x,), settings, forbid=forbidden, what="`lp_pool2d` is written from scratch"),
        F.lp_pool2d(x, **settings),
        "The norm of each window",
        hint="power, sum (not mean), root; height and width have settings of their own; the dtype stays.",
        rtol=0.05 if dtype == torch.bfloat16 else None,
    )

# %% lp_pool2d-magnitudes points=1
# Odd and broken orders, among negative numbers
g = torch.Generator().manual_seed(8021)
x = torch.randn(2, 3, 6, 8, generator=g, dtype=torch.float64).to(checks.device())
for p in (1, 3, 2.5, 7):
    checks.close(
        rules.from_scratch(lp_pool2d, (x, p, (2, 3), 2), forbid=forbidden, what="`lp_pool2d` is written from scratch"),
        F.lp_pool2d(x.abs(), p, (2, 3), 2),
        "The norm of each window, for other orders",
        hint="the formula takes the magnitude first, and the root is 1 / p, whatever p is.",
    )

# %% lp_pool2d-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(39004)
x = torch.randn(2, 6, 5, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
expected = F.lp_pool2d(x, 2, (2, 3), 1)
received = checks.unchanged(lp_pool2d, x, 2, (2, 3), 1, what="The picture is left as it was")
checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")

# %% lp_pool2d-gradients points=1
# Gradients reach the picture
g = torch.Generator().manual_seed(46712)
x = torch.randn(2, 3, 7, 8, generator=g, dtype=torch.float64).to(checks.device())
settings = {"norm_type": 2, "kernel_size": (3, 2), "stride": (1, 2)}
rules.from_scratch(lp_pool2d, (x,), settings, forbid=forbidden, what="`lp_pool2d` is written from scratch")
checks.gradients_close(
    lp_pool2d, lambda x, **more: F.lp_pool2d(x, **more), {"x": x}, "Gradients of lp_pool2d", kwargs=settings
)

# %% lp_pool2d-zeros points=1
# A window of zeros has the gradient 0, whatever p is
g = torch.Generator().manual_seed(2770)
picture = torch.randn(2, 2, 4, 6, generator=g, dtype=torch.float64).to(checks.device())
picture[0, :, :2, :3] = 0
picture[1, 0] = 0
empty = F.max_pool2d(picture.abs(), (2, 3)) == 0


def gradient_of_norms(x, p):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(lp_pool2d(leaf, p, (2, 3)).sum(), leaf)[0]


for p in (2, 3, 1.5):
    x = picture.clone()
    rules.from_scratch(lp_pool2d, (x, p, (2, 3)), forbid=forbidden, what="`lp_pool2d` is written from scratch")
    norms = F.lp_pool2d(x.abs(), p, (2, 3)).masked_fill(empty, 1.0)
    expected = x.sign() * (x.abs() / norms.repeat_interleave(2, 2).repeat_interleave(3, 3)) ** (p - 1)
    checks.close(lp_pool2d(x, p, (2, 3)), norms.masked_fill(empty, 0.0), "Windows of zeros", hint="their norm is 0.")
    checks.close(
        gradient_of_norms(picture, p),
        expected,
        "Gradients where whole windows are 0",
        hint="an infinite slope times 0 is nan, also behind a torch.where; take the root of something else there.",
    )

# %% lp_pool2d-errors points=1
# Arguments that make no sense
x = torch.arange(80.0).reshape(1, 2, 5, 8) - 40
kinds = {
    "a window larger than the picture": [(x, 2, 9), (x, 2, 10)],
    "a kernel_size below 1": [(x, 2, 0), (x, 2, -1)],
    "a stride below 1": [(x, 2, 2, 0), (x, 2, 2, -1)],
    "a norm_type below 1, and not below 0": [(x, 0, 2), (x, 0.5, 2), (x, 0.99, 2)],
    "a negative norm_type": [(x, -1, 2), (x, -2, 2)],
}
checks.refuses(lp_pool2d, kinds, "Arguments that make no sense")
kinds = {
    "a window higher or wider than the picture": [(x, 2, (7, 11)), (x, 2, (6, 2)), (x, 2, (2, 9))],
    "a pair for kernel_size with one number below 1": [(x, 2, (0, 2)), (x, 2, (2, 0))],
    "a pair for stride with one number below 1": [
        (x, 2, 2, (0, 1)),
        (x, 2, 2, (1, 0)),
        (x, 2, 2, (1, -1)),
        (x, 2, 2, (-1, 1)),
    ],
}
checks.refuses(lp_pool2d, kinds, "Pairs that make no sense", hint="height and width each need a test of their own.")
for p in (1, 1.0):
    checks.close(
        lp_pool2d(x, p, (5, 8)),
        torch.tensor([[[[820.0]], [[780.0]]]]),
        "The order 1, and a window that just fits",
    )

# %% lp_pool2d-look-text [markdown]
# Look at what each pooling keeps of thin bright lines and of a noisy disc, at a quarter of the size.

# %% lp_pool2d-look
rows, columns = torch.meshgrid(torch.arange(64.0), torch.arange(96.0), indexing="ij")
picture = ((rows - 32) ** 2 + (columns - 26) ** 2 < 330).float() * 0.7
picture += (columns > 55).float() * (((rows + columns) % 13) < 1).float()
picture = (picture + 0.15 * torch.randn(64, 96, generator=torch.Generator().manual_seed(0))).clamp(0, 1)[None, None]
views = {
    "picture": picture,
    "max": max_pool2d(picture, 4),
    "mean": avg_pool2d(picture, 4),
    "norm, p = 3": lp_pool2d(picture, 3, 4),
}
figure, axes = plt.subplots(1, 4, figsize=(10, 2.2))
for axis, (title, view) in zip(axes, views.items(), strict=True):
    axis.imshow(view[0, 0].numpy(), cmap="gray")
    axis.set_title(title)
    axis.axis("off")

# %% softmax-statement [markdown]
# The last layer gives a number for each class, the *logits*. Softmax makes probabilities of them:
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# Logits $\ln 1, \ln 2, \ln 5$ give 1/8, 2/8 and 5/8. Typed in as it stands, the formula breaks: $e^{89}$ is too large for float32. But adding
# the same number to all logits changes no probability. Use that.
#
# **Take** `logits` of shape (…, K), with any number of axes before the last. **Return** probabilities of that shape; along the last axis they
# sum to 1. A logit of minus infinity (an impossible class) has probability 0; at least one
# logit of each row is finite.
#
# **From scratch:** no `softmax`, `softmin`, `log_softmax`, `logsumexp` or `logaddexp` of torch.


# %% softmax forbid="softmax"
def softmax(logits: torch.Tensor) -> torch.Tensor:
    """Return the probabilities that ``logits`` (…, K) give, along the last axis."""
    ### BEGIN SOLUTION
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
    ### END SOLUTION


# %% softmax-public points=2
# The logits above, and no ready-made softmax
logits = torch.tensor([[1.0, 2.0, 5.0], [4.0, 2.0, 2.0]]).log()
expected = torch.tensor([[0.125, 0.25, 0.625], [0.5, 0.25, 0.25]])
checks.close(
    rules.from_scratch(softmax, (logits,), forbid=forbidden, what="`softmax` is written from scratch"),
    expected,
    "Two rows of logits",
    case="softmax(logits)",
    hint="each row sums to 1.",
)
checks.close(softmax(logits + 500), expected, "The same, shifted by 500", case="softmax(logits + 500)", rtol=1e-3)

# %% softmax-values points=2
# Any number of axes before the last
g = torch.Generator().manual_seed(14553)
for shape in [(7,), (4, 4), (3, 11), (2, 5, 3), (2, 3, 4, 6), (5, 1)]:
    logits = 3 * torch.randn(shape, generator=g).to(checks.device())
    checks.close(
        rules.from_scratch(softmax, (logits,), forbid=forbidden, what="`softmax` is written from scratch"),
        torch.softmax(logits, -1),
        "Probabilities along the last axis",
        hint="the sum goes over the last axis, and that axis must be kept for the division.",
    )

# %% softmax-stable points=2
# Logits that are very large, very small, far apart or minus infinity
g = torch.Generator().manual_seed(65120)
near = torch.randn(4, 6, generator=g)
apart = torch.tensor([[2000.0, -2000.0, 1999.0], [-3000.0, 0.0, 3000.0], [-9000.0, -9001.0, -9000.5]])
lowest = torch.tensor([[0.5, -torch.inf, 1.5], [-torch.inf, -800.0, -torch.inf], [0.0, -200.0, 200.0]])
for logits in (near + 1000, near - 1000, 300 * near, apart, lowest):
    logits = logits.to(checks.device())
    checks.close(
        rules.from_scratch(softmax, (logits,), forbid=forbidden, what="`softmax` is written from scratch"),
        torch.softmax(logits, -1),
        "Very large and very small logits",
        hint="make the largest exponent of each row 0: one shift for the whole tensor is not enough.",
        rtol=2e-3,
        atol=2e-3,
    )

# %% softmax-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(30266)
for dtype in (torch.float64, torch.float32, torch.bfloat16):
    logits = torch.randn(5, 8, generator=g, dtype=torch.float64).to(checks.device(), dtype)
    checks.close(
        rules.from_scratch(softmax, (logits,), forbid=forbidden, what="`softmax` is written from scratch"),
        torch.softmax(logits, -1),
        "dtype and precision",
        hint="somewhere on the way the numbers are float32.",
    )

# %% softmax-unchanged points=1
# The logits are left as they were
g = torch.Generator().manual_seed(50099)
logits = torch.randn(6, 4, generator=g).to(checks.device()).t()
received = checks.unchanged(softmax, logits, what="The logits are left as they were")
checks.shape(received, (4, 6), "The result of that call")

# %% softmax-gradients points=1
# Gradients reach the logits
g = torch.Generator().manual_seed(7730)
logits = 2 * torch.randn(3, 4, 5, generator=g, dtype=torch.float64).to(checks.device())
rules.from_scratch(softmax, (logits,), forbid=forbidden, what="`softmax` is written from scratch")
checks.gradients_close(
    lambda z: softmax(z),
    lambda z: torch.softmax(z, -1),
    {"z": logits},
    "Gradients of softmax",
    hint="the sum below the line depends on the logits, too.",
)

# %% cross_entropy-statement [markdown]
# How wrong are the probabilities $p$? Take minus the logarithm of the one that the right class was given, and the mean over the
# batch. If the right class gets 1/2, the loss is $\ln 2$.
#
# **Label smoothing** asks for a little less than certainty: with $\varepsilon$, the right class shall have $1 - \varepsilon$, and the rest is shared
# out over *all* K classes, the right one included:
#
# $$L = -(1-\varepsilon)\ln p_t \;-\; \frac{\varepsilon}{K}\sum_k \ln p_k$$
#
# **Take** `logits` (N, K), at least one row of them, and `target`, the right classes as int64 of shape (N,). **Return** the mean loss, a tensor without
# axes.
#
# **Stable.** Logits may be thousands apart; then the loss is in the thousands, and not infinite. (First $p$, then its logarithm, cannot do this:
# write $\ln p_k$ as a difference.) Without smoothing, a class that is not the target may have a logit of minus infinity.
#
# **Raise `ValueError`** when `target` is not of shape (N,), when it holds a number below 0 or above K − 1, or when `label_smoothing` is not in [0, 1].
#
# **From scratch:** what task 5 forbids, and torch's losses (`cross_entropy`, `nll_loss`, `kl_div`, …) as functions and modules. `torch.nn.functional.one_hot` and
# `gather` are allowed.


# %% cross_entropy forbid="losses" instead="write the logarithm of the probability as a difference"
def cross_entropy(logits: torch.Tensor, target: torch.Tensor, label_smoothing: float = 0.0) -> torch.Tensor:
    """Return the mean cross-entropy of ``logits`` (N, K) for the classes ``target`` (N,)."""
    ### BEGIN SOLUTION
    n, k = logits.shape
    if target.shape != (n,):
        raise ValueError(f"{n} rows of logits need {n} targets")
    if not 0 <= label_smoothing <= 1:
        raise ValueError("label_smoothing lies between 0 and 1")
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
    ### END SOLUTION


# %% cross_entropy-public points=2
# Two pictures by hand, and no ready-made loss
logits = torch.tensor([[1.0, 2.0, 1.0], [8.0, 4.0, 4.0]]).log()
target = torch.tensor([1, 2])  # they get 1/2 and 1/4
checks.close(
    rules.from_scratch(
        cross_entropy, (logits, target), forbid=forbidden, what="`cross_entropy` is written from scratch"
    ),
    torch.tensor(np.log([2, 4]).mean(), dtype=torch.float32),
    "The mean of ln 2 and ln 4",
    case="cross_entropy(logits, target)",
)
checks.close(
    cross_entropy(logits[:1], target[:1], label_smoothing=0.3),
    torch.tensor(0.7 * np.log(2) + 0.1 * np.log([4, 2, 4]).sum(), dtype=torch.float32),
    "One picture, smoothed",
    case="cross_entropy(logits[:1], target[:1], label_smoothing=0.3)",
    hint="ε is shared out over all K classes, the right one included.",
)

# %% cross_entropy-helpers
import torch.nn.functional as F

# %% cross_entropy-values points=3
# Batches and classes of any number
g = torch.Generator().manual_seed(83315)
for n, k in [(5, 3), (4, 10), (1, 7), (12, 2), (6, 6), (3, 1)]:
    logits = (2 * torch.randn(n, k, generator=g)).to(checks.device())
    target = torch.randint(k, (n,), generator=g).to(checks.device())
    checks.close(
        rules.from_scratch(
            cross_entropy, (logits, target), forbid=forbidden, what="`cross_entropy` is written from scratch"
        ),
        F.cross_entropy(logits, target),
        "The mean over the batch",
        hint="each row has its own target; the mean goes over rows, not over all N · K numbers.",
    )

# %% cross_entropy-stable points=3
# Logits that are far apart, or minus infinity
g = torch.Generator().manual_seed(17046)
near = torch.randn(4, 5, generator=g)
impossible = near.clone()
impossible[:, 3] = -torch.inf
apart = torch.tensor([[0.0, 4000.0, -4000.0, 3999.0, 10.0]]).repeat(4, 1)
target = torch.tensor([0, 2, 1, 4]).to(checks.device())
for logits in (near + 2000, near - 2000, 500 * near, apart, impossible):
    logits = logits.to(checks.device())
    checks.close(
        rules.from_scratch(
            cross_entropy, (logits, target), forbid=forbidden, what="`cross_entropy` is written from scratch"
        ),
        F.cross_entropy(logits, target),
        "Very large, very small and impossible logits",
        hint="a probability that has become 0 has no logarithm; and 0 times infinity is nan.",
    )

# %% cross_entropy-smoothing points=3
# Label smoothing, little, much and all
g = torch.Generator().manual_seed(92481)
for n, k, smoothing in [(6, 4, 0.1), (3, 10, 0.5), (5, 2, 1.0), (4, 7, 0.0), (2, 3, 1)]:
    logits = (2 * torch.randn(n, k, generator=g)).to(checks.device())
    target = torch.randint(k, (n,), generator=g).to(checks.device())
    for moved in (logits, 100 * logits):
        checks.close(
            rules.from_scratch(
                cross_entropy,
                (moved, target, smoothing),
                forbid=forbidden,
                what="`cross_entropy` is written from scratch",
            ),
            F.cross_entropy(moved, target, label_smoothing=float(smoothing)),
            "With label smoothing",
            hint="the right class has weight 1 − ε + ε/K, each other class ε/K.",
        )

# %% cross_entropy-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(4870)
for dtype, rtol in [(torch.float64, None), (torch.float32, None), (torch.bfloat16, 0.05)]:
    logits = torch.randn(6, 4, generator=g, dtype=torch.float64).to(checks.device(), dtype)
    target = torch.randint(4, (6,), generator=g).to(checks.device())
    for smoothing in (0.0, 0.2):
        checks.close(
            rules.from_scratch(
                cross_entropy,
                (logits, target, smoothing),
                forbid=forbidden,
                what="`cross_entropy` is written from scratch",
            ),
            F.cross_entropy(logits, target, label_smoothing=smoothing),
            "dtype and precision",
            hint="a weight, a one-hot tensor or a constant was made in float32.",
            rtol=rtol,
        )

# %% cross_entropy-unchanged points=1
# Logits and targets are left as they were
g = torch.Generator().manual_seed(21640)
logits = torch.randn(3, 5, generator=g).to(checks.device()).t()
target = torch.randint(3, (10,), generator=g)[::2].to(checks.device())
for smoothing in (0.0, 0.1):
    received = checks.unchanged(
        cross_entropy, logits, target, smoothing, what="Logits and targets are left as they were"
    )
    checks.shape(received, (), "The result of that call")

# %% cross_entropy-gradients points=1
# Gradients reach the logits
g = torch.Generator().manual_seed(70958)
logits = 2 * torch.randn(5, 4, generator=g, dtype=torch.float64).to(checks.device())
target = torch.randint(4, (5,), generator=g).to(checks.device())
for smoothing in (0.0, 0.25):
    rules.from_scratch(
        cross_entropy, (logits, target, smoothing), forbid=forbidden, what="`cross_entropy` is written from scratch"
    )
    checks.gradients_close(
        cross_entropy,
        lambda logits, target, label_smoothing: F.cross_entropy(logits, target, label_smoothing=label_smoothing),
        {"logits": logits},
        "Gradients of cross_entropy",
        kwargs={"target": target, "label_smoothing": smoothing},
        hint="the gradient is softmax minus the wanted probabilities, divided by N.",
    )

# %% cross_entropy-errors points=1
# Arguments that make no sense
logits, target = torch.zeros(4, 3), torch.tensor([0, 1, 2, 0])
kinds = {
    "a target of another length than logits": [(logits, target[:3]), (logits, target[:1])],
    "a target with two axes": [(logits, target[:, None])],
    "a target with a class above K − 1": [(logits, torch.tensor([0, 1, 3, 0]))],
    "a target with a class below 0": [(logits, torch.tensor([0, -1, 2, 0]))],
    "a label_smoothing below 0": [(logits, target, -0.1)],
    "a label_smoothing above 1": [(logits, target, 1.5)],
}
checks.refuses(cross_entropy, kinds, "Arguments that make no sense")

# %% cross_entropy-look-text [markdown]
# Look at the price of being sure. The right class has a logit that is `z` above the other nine; smoothing puts a minimum into the curve.

# %% cross_entropy-look
z = torch.linspace(-6, 14, 81)
right = torch.tensor([3])
figure, axis = plt.subplots(figsize=(6, 3))
for smoothing in (0.0, 0.1, 0.3):
    rows = [torch.nn.functional.one_hot(right, 10) * value for value in z]
    axis.plot(z, [cross_entropy(row, right, smoothing).item() for row in rows], label=f"ε = {smoothing}")
axis.set_xlabel("logit of the right class, above the others")
axis.set_ylabel("loss")
_ = axis.legend()

# %% Dropout-statement [markdown]
# While a network trains, this layer sets each number to 0 with probability p, each on its own and anew in every call. What stays is
# divided by 1 − p, so that the sum stays the same on average. When the network is used (`layer.eval()`), it does nothing.
#
# ```
# x                     1   2   3   4
# training, p = 0.5     0   4   6   0      for example
# after layer.eval()    1   2   3   4
# ```
#
# **Write** a `torch.nn.Module` with `Dropout(p=0.5)`. `p` is kept in the attribute `p`, and may be 0 (nothing happens) and 1 (all becomes 0; no nan).
# `forward` takes `x` of any shape. Every module has the flag `self.training`; `train()` and `eval()` set it. The random numbers are to be those of torch's own generator,
# so that `torch.manual_seed` makes them repeatable; the layer itself sets no seed. Gradients flow through what stays, scaled alike.
#
# **Raise `ValueError`** when the layer is made with a p outside of [0, 1].
#
# **From scratch:** none of torch's dropout functions and modules.


# %% Dropout forbid="dropout" instead="draw a random number for each element, and compare it with p"
class Dropout(torch.nn.Module):
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        if not 0 <= p <= 1:
            raise ValueError("p is a probability")
        self.p = p
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
        ### END SOLUTION


# %% Dropout-public points=2
# Zeros and doubled numbers in training, the same numbers after eval(), and no ready-made dropout
def new_layer(p):
    """Return a Dropout layer, having looked for torch's own in its code and among its parts."""
    layer = rules.from_scratch(Dropout, (p,), forbid=forbidden, what="`Dropout` is written from scratch")
    ready = [part for part in layer.modules() if isinstance(part, torch.nn.modules.dropout._DropoutNd)]
    checks.equal(len(ready), 0, "Layers of torch's own in yours", hint="this task is to write that layer.")
    return layer


def drop(layer, x):
    """Return layer(x), having looked for torch's own in the code of forward."""
    return rules.from_scratch(Dropout.forward, (layer, x), forbid=forbidden, what="`Dropout` is written from scratch")


layer = new_layer(0.5)
x = torch.arange(1.0, 65.0)
received = drop(layer, x)
checks.close(received, torch.where(received == 0, 0, 2 * x), "Each number is 0 or doubled", case="Dropout(0.5)(x)")
checks.equal(bool(0 < (received == 0).sum() < 64), True, "Some are dropped and some stay", case="Dropout(0.5)(x)")
layer.eval()
checks.close(layer(x), x, "After eval()", case="layer.eval(); layer(x)", hint="look at self.training.")

# %% Dropout-rate points=2
# How many are dropped, and how the others are scaled
g = torch.Generator().manual_seed(63407)
cases = [(0.5, torch.float32), (0.2, torch.float64), (0.85, torch.float32), (0.25, torch.bfloat16)]
layers = [new_layer(p) for p, _ in cases]
for layer, (p, dtype) in zip(layers, cases, strict=True):
    checks.equal(float(layer.p), p, "The attribute p", hint="each layer keeps its own p, in self.p.")
    x = (1 + torch.rand(5, 4000, generator=g, dtype=torch.float64)).to(checks.device(), dtype)
    received = drop(layer, x)
    checks.close(
        received,
        torch.where(received == 0, 0, x / (1 - p)),
        "What stays is divided by 1 − p",
        hint="p is the probability to be dropped, not to stay.",
    )
    checks.close(
        (received == 0).float().mean(),
        torch.tensor(p, device=received.device),
        "The share of numbers that are dropped",
        atol=0.05,
        rtol=0,
        hint="p is the probability to be dropped, not to stay.",
    )

# %% Dropout-independent points=1
# Each number on its own, anew in every call, with torch's generator
import functools

p = 0.4
layer = new_layer(p)
x = torch.ones(6, 7, 40, 50).to(checks.device())
dropped = [drop(layer, x) == 0 for _ in range(2)]
one = dropped[0]
first, second = (drop(new_layer(p), x) == 0 for _ in range(2))
pairs = {
    "two calls": (one, dropped[1]),
    "the first calls of two layers": (first, second),
    "two pictures of a batch": (one[1:], one[:-1]),
    "two channels": (one[:, 1:], one[:, :-1]),
    "two rows": (one[..., 1:, :], one[..., :-1, :]),
    "two columns": (one[..., 1:], one[..., :-1]),
}
for what, (a, b) in pairs.items():
    checks.close(
        (a == b).float().mean(),
        torch.tensor(p * p + (1 - p) * (1 - p), device=x.device),
        f"How often {what} are treated alike",
        atol=0.06,
        rtol=0,
        hint="draw one random number for each element of x, in each call of forward.",
    )
few = torch.ones(25, 8).to(checks.device())
counts = {int((drop(layer, few) == 0).sum()) for _ in range(12)}
checks.equal(
    len(counts) > 2,
    True,
    "The number of dropped elements differs from call to call",
    hint="decide about each element on its own; do not choose a fixed number of them.",
)
seed = checks.place(functools.partial(torch.manual_seed, 41))
draws = []
for _ in range(2):
    seed()
    draws.append(drop(layer, x) == 0)
checks.equal(
    torch.equal(*draws),
    True,
    "After torch.manual_seed with the same seed, the same elements are dropped",
    hint="draw with torch's own generator, not with numpy, random or a generator of the layer's own.",
)

# %% Dropout-modes points=1
# train() and eval(), back and forth
layer = new_layer(0.7)
x = torch.full((3, 1080), 2.0).to(checks.device())
for _ in range(2):
    layer.eval()
    received = drop(layer, x)
    checks.close(received, x, "After eval()", hint="nothing is dropped and nothing scaled when self.training is False.")
    layer.train()
    share = (layer(x) == 0).float().mean()
    checks.close(share, torch.tensor(0.7, device=x.device), "After train()", atol=0.15, rtol=0)

# %% Dropout-extremes points=1
# p = 0 and p = 1, and an x that holds zeros
g = torch.Generator().manual_seed(10752)
x = torch.randn(3, 4, 5, 7, generator=g).clamp(min=0).to(checks.device())
received = drop(new_layer(0.5), x)
checks.close(
    received,
    torch.where(received == 0, 0, 2 * x),
    "An x that holds zeros",
    hint="0 divided by 0 is nan; do not divide by x.",
)
for p in (0, 0.0):
    layer = new_layer(p)
    received = drop(layer, x)
    checks.close(received, x, "p = 0 drops nothing")
for p in (1, 1.0):
    layer = new_layer(p)
    received = drop(layer, x)
    checks.close(received, torch.zeros_like(x), "p = 1 drops all", hint="1 / (1 − p) divides by 0, and 0 / 0 is nan.")

# %% Dropout-unchanged points=1
# x is left as it was
g = torch.Generator().manual_seed(58216)
x = (1 + torch.rand(3, 4, 6, generator=g)).to(checks.device()).transpose(0, 2)
received = checks.unchanged(Dropout(0.5), x, what="x is left as it was")
checks.shape(received, (6, 4, 3), "The result of that call")

# %% Dropout-gradients points=1
# Gradients pass where numbers stay, scaled alike
g = torch.Generator().manual_seed(33950)
layer = new_layer(0.3)
x = (1 + torch.rand(2, 3, 8, 5, generator=g, dtype=torch.float64)).to(checks.device())
drop(layer, x)
leaf = x.clone().requires_grad_()
received = layer(leaf)
checks.equal(
    received.requires_grad, True, "The result depends on x", hint=".detach(), .data or a new tensor on the way."
)
weights = torch.cos(torch.arange(x.numel(), dtype=x.dtype, device=x.device)).reshape(x.shape)
(gradient,) = torch.autograd.grad(received, leaf, weights)
expected = torch.where(received == 0, 0, weights / 0.7)
checks.close(gradient, expected, "The gradient", hint="0 where a number was dropped, 1 / (1 − p) where it stayed.")

# %% Dropout-errors points=1
# A p that is no probability
kinds = {"a p below 0": [(-0.1,), (-1,)], "a p above 1": [(1.01,), (2,), (50,)]}
checks.refuses(Dropout, kinds, "A p outside of [0, 1]")
for p in (1, 0):
    checks.equal(float(Dropout(p).p), float(p), "The attribute p, at the ends of its range")

# %% BatchNorm2d-statement [markdown]
# Each channel is shifted and scaled to mean 0 and variance 1, and then to a mean and a spread that are learned. Channel c has
#
# $$y = \gamma_c\,\frac{x - \mu_c}{\sqrt{v_c + \text{eps}}} + \beta_c .$$
#
# - **In training** $\mu_c$ and $v_c$ are mean and variance of that channel over the batch, all rows and all columns: n = N · H · W numbers. This variance divides by
#   **n**. Gradients flow through $\mu_c$ and $v_c$.
# - **In every training call** the running statistics are moved: `running = (1 − momentum) · running + momentum · new`. The variance that is stored
#   here divides by **n − 1**. No gradients are recorded for this.
# - **After `eval()`** $\mu_c$ and $v_c$ are the running statistics, and nothing is moved. A batch of one picture will do.
#
# | attribute | kind | shape | at first |
# | --- | --- | --- | --- |
# | `weight` ($\gamma$) | parameter | (C,) | 1 |
# | `bias` ($\beta$) | parameter | (C,) | 0 |
# | `running_mean` | buffer | (C,) | 0 |
# | `running_var` | buffer | (C,) | 1 |
# | `num_batches_tracked` | buffer, int64 | () | 0, and 1 more with every training call |
#
# These are the names of `torch.nn.BatchNorm2d`: the two can exchange their `state_dict()`. A *buffer* (`self.register_buffer`) is saved and moved with the module, but not
# trained.
#
# **Write** a `torch.nn.Module` with `BatchNorm2d(num_features, eps=1e-5, momentum=0.1)`; `num_features` is C. A layer after `.double()` works in float64.
#
# **Raise `ValueError`** when `x` does not have four axes or C channels, and in training when n is 1: one number has no variance.
#
# **From scratch:** none of torch's normalisation functions and modules (batch, instance, group, layer …).


# %% BatchNorm2d forbid="normalisation" instead="take mean and variance over the axes 0, 2 and 3"
class BatchNorm2d(torch.nn.Module):
    """Normalise each channel of ``x`` (N, C, H, W) by the batch in training, by running statistics after that."""

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.eps, self.momentum = eps, momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        if x.ndim != 4 or x.shape[1] != len(self.weight):
            raise ValueError(f"expected shape (N, {len(self.weight)}, H, W), received {tuple(x.shape)}")
        mean, var = self.running_mean, self.running_var
        if self.training:
            n = x.numel() // x.shape[1]
            if n < 2:
                raise ValueError("one number in each channel has no variance")
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var * n / (n - 1), self.momentum)
                self.num_batches_tracked += 1
        scale = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * scale[:, None, None] + self.bias[:, None, None]
        ### END SOLUTION


# %% BatchNorm2d-public points=2
# Four numbers of one channel, and no ready-made normalisation
layer = rules.from_scratch(BatchNorm2d, (1,), forbid=forbidden, what="`BatchNorm2d` is written from scratch")
x = torch.tensor([[[[1.0, 3.0]]], [[[5.0, 7.0]]]])  # mean 4; the squared distances are 9, 1, 1, 9
checks.close(
    rules.from_scratch(layer, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch"),
    (x - 4) / 5**0.5,
    "In training",
    case="BatchNorm2d(1)(x)",
    hint="here the variance is 20 / 4 = 5.",
    atol=1e-4,
)
checks.close(layer.running_mean, torch.tensor([0.4]), "running_mean", case="after that call", hint="0.9 · 0 + 0.1 · 4")
checks.close(
    layer.running_var, torch.tensor([0.9 + 2 / 3]), "running_var", case="after that call", hint="0.9 · 1 + 0.1 · 20 / 3"
)

# %% BatchNorm2d-train points=3
# In training: a batch with several channels, float32 and float64
g = torch.Generator().manual_seed(91180)
for shape, eps, dtype in [
    ((4, 3, 5, 7), 1e-5, torch.float32),
    ((2, 5, 1, 6), 1e-5, torch.float64),
    ((1, 2, 8, 3), 0.1, torch.float32),
    ((6, 4, 1, 1), 1e-3, torch.float64),
]:
    channels = torch.arange(1, shape[1] + 1)[:, None, None]
    x = (channels * torch.randn(shape, generator=g, dtype=dtype) - 2 * channels).to(checks.device())
    layer = BatchNorm2d(shape[1], eps=eps).to(x)
    checks.close(
        rules.from_scratch(layer, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch"),
        torch.nn.BatchNorm2d(shape[1], eps=eps).to(x)(x).detach(),
        "Normalised in training",
        hint="mean and variance go over axes 0, 2 and 3; the variance divides by n; eps stands below the root.",
    )
mine, theirs = BatchNorm2d(2).to(checks.device()).double(), torch.nn.BatchNorm2d(2).to(checks.device()).double()
x = 0.003 * torch.randn(3, 2, 4, 3, generator=g, dtype=torch.float64).to(checks.device())
expected = theirs(x).detach()
checks.close(
    checks.unchanged(mine, x, what="x is left as it was"),
    expected,
    "Small numbers, with the eps that is taken when none is given",
    hint="see the statement for its size.",
)

# %% BatchNorm2d-affine points=2
# Weight and bias, each for its channel
g = torch.Generator().manual_seed(24405)
weight, bias = torch.randn(5, generator=g).to(checks.device()), 3 * torch.randn(5, generator=g).to(checks.device())
x = torch.randn(3, 5, 4, 5, generator=g).to(checks.device())
for mode in (True, False):
    mine, theirs = BatchNorm2d(5).to(checks.device()), torch.nn.BatchNorm2d(5).to(checks.device())
    for layer in (mine, theirs):
        layer.train(mode)
        with torch.no_grad():
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
    checks.close(
        rules.from_scratch(mine, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch"),
        theirs(x).detach(),
        "With a weight and a bias",
        hint="they belong to axis 1, the channels, in training and after it.",
    )

# %% BatchNorm2d-running points=3
# The running statistics, after several batches; they keep no graph
g = torch.Generator().manual_seed(36627)
for momentum in (0.1, 0.4):
    mine = BatchNorm2d(3, momentum=momentum).to(checks.device())
    theirs = torch.nn.BatchNorm2d(3, momentum=momentum).to(checks.device())
    for shape in [(2, 3, 1, 2), (4, 3, 2, 3), (3, 3, 1, 1)]:
        x = (2 + 3 * torch.randn(shape, generator=g)).to(checks.device())
        rules.from_scratch(mine, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch")
        theirs(x)
    checks.close(
        mine.running_mean, theirs.running_mean, "running_mean", hint="momentum is the weight of the new batch."
    )
    checks.close(
        mine.running_var,
        theirs.running_var,
        "running_var",
        hint="what is stored is the variance that divides by n − 1; momentum is the weight of the new batch.",
    )
    checks.close(mine.num_batches_tracked, theirs.num_batches_tracked, "num_batches_tracked")
for _ in range(2):
    x = torch.randn(4, 3, 2, 3, generator=g).to(checks.device()).requires_grad_()
    (mine(x) ** 3).sum().backward()
    for name in ("running_mean", "running_var"):
        checks.equal(
            getattr(mine, name).requires_grad,
            False,
            "Running statistics that want gradients when x does",
            hint="move them under torch.no_grad(), or from detached numbers.",
        )

# %% BatchNorm2d-eval points=2
# After eval(): the running statistics decide, and stay
g = torch.Generator().manual_seed(74310)
mine, theirs = BatchNorm2d(4, eps=0.01).to(checks.device()), torch.nn.BatchNorm2d(4, eps=0.01).to(checks.device())
for _ in range(3):
    x = (1 + 2 * torch.randn(8, 4, 5, 4, generator=g)).to(checks.device())
    mine(x)
    theirs(x)
mine.eval()
theirs.eval()
before = {name: getattr(mine, name).clone() for name in ("running_mean", "running_var", "num_batches_tracked")}
for shape in [(1, 4, 1, 1), (3, 4, 2, 5), (1, 4, 1, 1)]:
    x = (4 - torch.randn(shape, generator=g)).to(checks.device())
    expected = theirs(x).detach()
    rules.from_scratch(mine, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch")
    checks.close(
        checks.unchanged(mine, x, what="x is left as it was"),
        expected,
        "After eval()",
        hint="use the running statistics, and leave them as they are.",
        rtol=2e-3,
        atol=2e-3,
    )
for name, value in before.items():
    checks.close(getattr(mine, name), value, f"{name} after calls in evaluation mode", hint="only training moves it.")

# %% BatchNorm2d-gradients points=2
# Gradients of x, weight and bias
g = torch.Generator().manual_seed(15998)
x = (1 + 2 * torch.randn(3, 3, 4, 5, generator=g, dtype=torch.float64)).to(checks.device())
weights = torch.cos(torch.arange(x.numel(), dtype=x.dtype, device=x.device)).reshape(x.shape)
for mode in (True, False):
    mine, theirs = BatchNorm2d(3).to(x).train(mode), torch.nn.BatchNorm2d(3).to(x).train(mode)
    rules.from_scratch(mine, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch")
    checks.gradients_close(
        mine,
        lambda x, layer=theirs: layer(x),
        {"x": x},
        "Gradients of BatchNorm2d",
        hint="in training, mean and variance depend on x, too: gradients must flow through them.",
        rtol=1e-6,
    )
    for layer in (mine, theirs):
        layer.zero_grad()
        (layer(x) * weights).sum().backward()
    checks.close(mine.weight.grad, theirs.weight.grad, "The gradient of the weight", rtol=1e-6)
    checks.close(mine.bias.grad, theirs.bias.grad, "The gradient of the bias", rtol=1e-6)

# %% BatchNorm2d-state points=3
# Its state: what is saved, what is trained, and exchanging it with torch's own layer
g = torch.Generator().manual_seed(48873)
mine, theirs = BatchNorm2d(4), torch.nn.BatchNorm2d(4)
checks.equal(
    sorted(mine.state_dict()),
    sorted(theirs.state_dict()),
    "The names in state_dict()",
    hint="see the table of attributes.",
)
checks.equal(sorted(name for name, _ in mine.named_parameters()), ["bias", "weight"], "The names of the parameters")
with torch.no_grad():
    theirs.weight.copy_(torch.randn(4, generator=g))
    theirs.bias.copy_(torch.randn(4, generator=g))
theirs(2 - 3 * torch.randn(6, 4, 3, 2, generator=g))
mine.load_state_dict(dict(theirs.state_dict()))
mine.eval()
theirs.eval()
x = torch.randn(2, 4, 5, 3, generator=g)
checks.close(
    rules.from_scratch(mine, (x,), forbid=forbidden, what="`BatchNorm2d` is written from scratch"),
    theirs(x).detach(),
    "With the state of torch's own layer",
    hint="eval() must look at the loaded buffers.",
)
mine.train()
mine(x)
back = torch.nn.BatchNorm2d(4)
back.load_state_dict(dict(mine.state_dict()))
checks.equal(int(back.num_batches_tracked), 2, "num_batches_tracked, loaded and counted on")
mine.double()
checks.close(
    mine.running_var, back.running_var.double(), "running_var after .double()", hint="use register_buffer.", rtol=1e-5
)

# %% BatchNorm2d-errors points=1
# Pictures that do not fit
layer = BatchNorm2d(3)
kinds = {
    "another number of channels": [(torch.ones(2, 4, 5, 5),)],
    "a single channel where the layer has more": [(torch.ones(2, 1, 5, 5),)],
    "an x with three axes": [(torch.ones(3, 5, 5),)],
    "an x with two axes": [(torch.ones(2, 3),)],
    "an x with five axes": [(torch.ones(2, 3, 4, 4, 4),)],
}
one_number = {"one number in each channel": [(torch.ones(1, 3, 1, 1),)]}
checks.refuses(lambda x: layer(x), kinds | one_number, "Pictures that do not fit, in training")
checks.refuses(lambda x: layer.eval()(x), kinds, "Pictures that do not fit, after eval()")
layer.train()
checks.shape(layer(torch.ones(1, 3, 1, 2)), (1, 3, 1, 2), "Two numbers a channel are enough in training")

# %% kaiming_normal-statement [markdown]
# How large should the first weights be? A sum of m products with weights of variance v has m · v times the variance of what comes in,
# and a ReLU then throws half of it away. To pass on as much as comes in, v must be 2 / m. Here m is the *fan-in*: the number of
# products in one output number.
#
# | weight | shape | fan-in |
# | --- | --- | --- |
# | 3×3 convolution, 16 channels to 32 | (32, 16, 3, 3) | 16 · 3 · 3 = 144 |
# | dense layer, 400 inputs to 120 | (120, 400) | 400 |
#
# **Take** a tensor `w` with at least two axes: outputs first, then inputs, then any number of kernel axes. It may have one output only, and may be a view.
# **Fill it in place**, in the memory that it has (`w.data = …` would give it other memory), with numbers from the normal distribution with mean 0 and variance
# 2 / fan-in, anew in every call. **Return** `w` itself. It may be a parameter: that it is filled shall not be recorded for gradients, it stays a leaf
# that wants them, and afterwards torch records gradients if it did before. The random numbers are to be those of torch's own generator, so that
# `torch.manual_seed` makes them repeatable; the function itself sets no seed.
#
# **Raise `ValueError`** when `w` has fewer than two axes.
#
# **From scratch:** nothing of `torch.nn.init`. The method `w.normal_` is allowed.
#
# *Source:* He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.


# %% kaiming_normal forbid="initialisation"
def kaiming_normal_(w: torch.Tensor) -> torch.Tensor:
    """Fill ``w`` (outputs, inputs, …) in place from a normal distribution of variance 2 / fan-in, and return it."""
    ### BEGIN SOLUTION
    if w.ndim < 2:
        raise ValueError("a weight has outputs and inputs")
    with torch.no_grad():
        return w.normal_(0, (2 / w[0].numel()) ** 0.5)
    ### END SOLUTION


# %% kaiming_normal-public points=2
# The two weights of the table, and nothing of torch.nn.init
for shape, fan_in in [((32, 16, 3, 3), 144), ((120, 400), 400)]:
    w = torch.zeros(shape)
    rules.from_scratch(kaiming_normal_, (w,), forbid=forbidden, what="`kaiming_normal_` is written from scratch")
    kaiming_normal_(w)
    checks.close(
        w.var() * fan_in,
        torch.tensor(2.0),
        "Variance times fan-in",
        case=f"for a weight of shape {shape}",
        hint="w itself is filled; 2 / fan-in is the variance, and the spread is its root.",
        atol=0.3,
        rtol=0,
    )

# %% kaiming_normal-fan points=2
# The fan-in of other shapes
for shape in [(200, 40), (30, 400), (8, 64, 5, 3), (96, 4, 3, 7), (400, 1, 5, 5), (24, 32, 9), (16, 8, 3, 5, 4)]:
    fan_in = torch.zeros(shape)[0].numel()
    for dtype in (torch.float32, torch.float64):
        w = torch.zeros(shape, dtype=dtype).to(checks.device())
        rules.from_scratch(kaiming_normal_, (w,), forbid=forbidden, what="`kaiming_normal_` is written from scratch")
        checks.close(
            kaiming_normal_(w).detach().square().mean() * fan_in,
            torch.tensor(2.0, dtype=dtype, device=w.device),
            "Variance times fan-in",
            hint="fan-in counts the inputs of one output: all axes but the first.",
            atol=0.3,
            rtol=0,
        )
for shape, allowed in [((1, 64, 7, 7), 0.4), ((20000, 3), 0.1), ((30000, 1), 0.1), ((4000, 1, 2, 2), 0.15)]:
    w = torch.zeros(shape).to(checks.device())
    rules.from_scratch(kaiming_normal_, (w,), forbid=forbidden, what="`kaiming_normal_` is written from scratch")
    checks.close(
        kaiming_normal_(w).detach().square().mean() * w[0].numel(),
        torch.tensor(2.0, device=w.device),
        "Variance times fan-in, for a single output or few inputs",
        hint="fan-in counts the inputs of one output: all axes but the first, and no bias.",
        atol=allowed,
        rtol=0,
    )

# %% kaiming_normal-distribution points=1
# A normal distribution around 0, anew in every call, with torch's generator
import functools

w = torch.zeros(60, 20, 5, 4).to(checks.device())
rules.from_scratch(kaiming_normal_, (w,), forbid=forbidden, what="`kaiming_normal_` is written from scratch")
first = kaiming_normal_(w).detach().clone()
second = kaiming_normal_(w).detach().clone()
unit = first / first.std()
for name, share, expected in [
    ("below 0", (unit < 0).float().mean(), 0.5),
    ("within one standard deviation", (unit.abs() < 1).float().mean(), 0.6827),
    ("beyond two", (unit.abs() > 2).float().mean(), 0.0455),
    ("larger in a second call", (second > first).float().mean(), 0.5),
]:
    checks.close(
        share,
        torch.tensor(expected, device=w.device),
        f"The share of weights {name}",
        hint="a normal distribution has no bounds, has its mean at 0, and is drawn anew.",
        atol=0.025,
        rtol=0,
    )
checks.close(
    (unit.abs() > 3.1).float().mean(),
    torch.tensor(0.00194, device=w.device),
    "The share of weights beyond 3.1 standard deviations",
    hint="a normal distribution has no bounds.",
    atol=0.0015,
    rtol=0,
)
seed = checks.place(functools.partial(torch.manual_seed, 41))
draws = []
for _ in range(2):
    seed()
    draws.append(kaiming_normal_(w).detach().clone())
checks.equal(
    torch.equal(*draws),
    True,
    "After torch.manual_seed with the same seed, the numbers are the same",
    hint="draw with torch's own generator, not with numpy or random.",
)

# %% kaiming_normal-place points=2
# In place: the same tensor in the same memory, and a parameter stays a leaf
import functools

w = torch.zeros(4, 3, 5, 2).to(checks.device())
checks.equal(kaiming_normal_(w) is w, True, "What is returned is w itself", hint="return w.")
checks.equal(
    bool((w != 0).all()), True, "w is filled", hint="w = ... makes a new tensor; copy_, normal_ or w[...] = fill."
)
for make in (torch.nn.Parameter, torch.Tensor.requires_grad_):
    w = make(torch.zeros(6, 4, 3, 3).to(checks.device()))
    rules.from_scratch(
        kaiming_normal_, (w.detach(),), forbid=forbidden, what="`kaiming_normal_` is written from scratch"
    )
    kaiming_normal_(w)
    checks.equal(
        w.is_leaf and w.requires_grad, True, "A parameter stays a leaf that wants gradients", hint="torch.no_grad()."
    )
    checks.equal(bool((w.detach() != 0).all()), True, "A parameter is filled")
w, memory = checks.place(torch.nn.ParameterList([torch.nn.Parameter(torch.zeros(n)) for n in ((6, 5), 30)]))
checks.place(functools.partial(torch.nn.utils.vector_to_parameters))(memory, [w])  # w becomes a view of the other one
kaiming_normal_(w)
checks.equal(
    torch.equal(memory.detach().reshape(6, 5), w.detach()),
    True,
    "What shares the memory of w sees the new numbers",
    hint="w.data = ... gives w other memory; copy_, normal_ or w[...] = fill what it has.",
)
turned = torch.zeros(7, 6, 5).to(checks.device()).permute(2, 0, 1)
checks.equal(
    bool((kaiming_normal_(turned) != 0).all()), True, "A view of another tensor is filled", hint="view(-1) fails there."
)
checks.grad_mode_kept(
    kaiming_normal_, torch.zeros(3, 4).to(checks.device()), what="Torch records gradients afterwards, if it did before"
)

# %% kaiming_normal-errors points=1
# A tensor that has no fan-in
kinds = {"a tensor with one axis": [(torch.zeros(5),), (torch.zeros(0),)], "a single number": [(torch.zeros(()),)]}
checks.refuses(kaiming_normal_, kinds, "A tensor with one axis or none")

# %% kaiming_normal-look-text [markdown]
# Look at what it is good for: how large are the numbers behind each of 30 dense layers with ReLU, for your weights and for others?

# %% kaiming_normal-look
starts = {
    "yours": kaiming_normal_,
    "variance 1 / fan-in": lambda w: w.normal_(0, w.shape[1] ** -0.5),
    "standard deviation 0.05": lambda w: w.normal_(0, 0.05),
}
figure, axis = plt.subplots(figsize=(6, 3))
for label, start in starts.items():
    signal, sizes = torch.randn(64, 256), []
    for _ in range(30):
        signal = torch.relu(signal @ start(torch.empty(256, 256)).T)
        sizes.append(signal.square().mean().sqrt().item())
    axis.semilogy(range(1, 31), sizes, marker=".", label=label)
axis.set_xlabel("layer")
axis.set_ylabel("root mean square")
_ = axis.legend()
