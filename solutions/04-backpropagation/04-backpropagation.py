# %% [markdown]
# # Backpropagation
#
# You write the backward pass of chapter 04 yourself: the gradients of a convolution and of two poolings, the check that
# tells whether a gradient is right, and the loop that turns gradients into a trained network.
#
# - You need: Chapters 02 and 04. A CPU is enough. Python with torch, numpy and matplotlib.
# - It takes: Four to six hours, about a third of it for `conv2d_backward`.
# - Hidden checks try: other sizes, kernels that are not square, strides that do not divide, batches and float64
#
# **Two hints.** From task 1 on you own the best check there is: compare your gradient with `numeric_gradient`. And an answer that calls
# another task's function fails wherever that function fails; copy what you need.
#
# **Words.** Pictures are tensors `x` of shape (N, C, H, W). The *loss* is one number at the end of the network. `grad_out` is the
# gradient of the loss with respect to a layer's output, and has its shape; the *backward pass* of a layer turns it into the
# gradients with respect to the layer's inputs. A size that may be *an int or a pair* is either one number, used for both directions,
# or a tuple (height, width).

# %% numeric_gradient-statement [markdown]
# How do you find out whether a gradient is right? Ask the function itself. Move one element of `x` a little up, then a little
# down, and see how much the result changes:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + \varepsilon e_i) - f(x - \varepsilon e_i)}{2\varepsilon}$$
#
# By hand, for $f(x) = x_0^2 + 3x_1$ at $(1, 2)$ with $\varepsilon = 0.1$: moving $x_0$ gives $(7.21 - 6.81)/0.2 = 2$, moving
# $x_1$ gives $(7.3 - 6.7)/0.2 = 3$. Looking to both sides is what makes it good: the error falls with $\varepsilon^2$.
#
# **Take** a function `f` that maps a tensor of the shape, dtype and device of `x` to one number (a Python float, or a tensor with one element),
# a tensor `x` of any shape, and the step `eps`. **Return** a tensor of the shape, dtype and device of `x`. Leave `x` as it was, to the last
# bit. Two calls of `f` for each element are enough; speed does not count.
#
# **From scratch:** no automatic differentiation, neither `torch.autograd` nor `torch.func` nor `.backward()`. The functions of the checks
# cannot be differentiated by torch, so an answer that uses these gets no points in this task.
#
# The picture below shows why both sides: the slope of a curve at 1, and what steps of 0.8 make of it.

# %% numeric_gradient-idea
t = np.linspace(-0.2, 2.4, 200)
figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(t, np.sin(t), label="f")
for start, end, label in ((1.0, 1.8, "one side"), (0.2, 1.8, "both sides")):
    slope = (np.sin(end) - np.sin(start)) / (end - start)
    axis.plot(t, np.sin(1) + slope * (t - 1), "--", label=f"{label}: slope {slope:.2f}")
axis.plot(t, np.sin(1) + np.cos(1) * (t - 1), ":", label=f"tangent: slope {np.cos(1):.2f}")
_ = axis.legend()

# %% numeric_gradient forbid="autograd"
from collections.abc import Callable


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Return the gradient of ``f`` at ``x`` by central differences with step ``eps``, in the shape of ``x``."""
    ### BEGIN SOLUTION
    gradient = torch.zeros_like(x, memory_format=torch.contiguous_format, requires_grad=False)
    point = x.detach().clone(memory_format=torch.contiguous_format)
    moved, out = point.view(-1), gradient.view(-1)
    for i in range(point.numel()):
        before = moved[i].item()
        moved[i] = before + eps
        above = float(f(point))
        moved[i] = before - eps
        below = float(f(point))
        moved[i] = before
        out[i] = (above - below) / (2 * eps)
    return gradient
    ### END SOLUTION


# %% numeric_gradient-public points=2
# The case above, and no automatic differentiation
def f(x):
    return float(x[0] ** 2 + 3 * x[1])


x = torch.tensor([1.0, 2.0], dtype=torch.float64)
received = rules.from_scratch(
    numeric_gradient, (f, x, 0.1), forbid=forbidden, what="`numeric_gradient` asks the function itself"
)
checks.close(
    received,
    torch.tensor([2.0, 3.0], dtype=torch.float64),
    "The case above",
    case="numeric_gradient(f, x, 0.1)",
    hint="the two points lie 2 · eps apart.",
)

# %% numeric_gradient-values points=3
# Tensors of any shape, and no automatic differentiation
g = torch.Generator().manual_seed(40127)
device = checks.device()
for shape in [(5,), (2, 3), (2, 1, 3, 2), (), (1,)]:
    x, c = (torch.randn(shape, generator=g, dtype=torch.float64).to(device) for _ in range(2))
    neighbour = x.flatten().roll(1).reshape(shape)

    def f(t, c=c, neighbour=neighbour):
        with torch.no_grad():
            return (c * t**3 + neighbour * t.exp()).sum() + t.sum() ** 2

    received = rules.from_scratch(
        numeric_gradient, (f, x), forbid=forbidden, what="`numeric_gradient` asks the function itself"
    )
    checks.close(
        received,
        3 * c * x**2 + neighbour * x.exp() + 2 * x.sum(),
        "Gradients of a smooth function",
        rtol=1e-6,
        atol=1e-7,
        hint="look to both sides of each element, and move one element at a time, all others at their place.",
    )

# %% numeric_gradient-step points=1
# The step that is asked for
g = torch.Generator().manual_seed(7741)
x, c = (torch.randn(3, 4, generator=g, dtype=torch.float64).to(checks.device()) for _ in range(2))
for eps in (0.5, 0.01):
    # Of a cube, both sides together give 3x² + eps² exactly.
    expected = c * (3 * x**2 + eps**2)
    checks.close(
        numeric_gradient(lambda t: float((c * t**3).sum()), x.clone(), eps),
        expected,
        "A cubic function and a large step",
        hint="`eps` is how far to go to each side; the argument counts, not a number of your own.",
    )
moves = []


def watched(t):
    moves.append(float((t - x).abs().max()))
    return 0.0


numeric_gradient(watched, x.clone())
checks.close(
    torch.tensor(max(moves)),
    torch.tensor(1e-5),
    "The step that is taken when none is given",
    hint="see the first line of the function for its size.",
    rtol=0.01,
    atol=0,
)

# %% numeric_gradient-dtype points=2
# float32 stays float32, for `f` too; a transposed view will do
g = torch.Generator().manual_seed(33390)
x = torch.randn(3, 4, generator=g).to(checks.device())
expected, kinds = x.cos(), []


def f(t):
    kinds.append((str(t.dtype), tuple(t.shape), str(t.device)))
    return float(t.double().sin().sum())


received = numeric_gradient(f, x.clone(), 1e-2)
checks.close(received, expected, "float32, with a step for float32", atol=1e-3, hint="the result has the dtype of `x`.")
checks.equal(
    sorted(set(kinds)),
    [("torch.float32", (3, 4), str(x.device))],
    "Dtype, shape and device of the tensors that `f` was called with",
    hint="`f` takes a tensor like `x`: do not convert or flatten it.",
)
x = torch.randn(4, 3, 2, generator=g, dtype=torch.float64).to(checks.device()).permute(2, 0, 1)
c = torch.randn(2, 4, 3, generator=g, dtype=torch.float64).to(checks.device())
expected = 2 * c * x
received = numeric_gradient(lambda t: float((c * t**2).sum()), x)
checks.close(
    received,
    expected,
    "A view of another tensor",
    rtol=1e-6,
    atol=1e-7,
    hint="flatten and reshape may copy, and a change of the copy does not reach `x`; view fails. Work on x.clone().",
)

# %% numeric_gradient-unchanged points=2
# The point is left as it was, to the last bit
g = torch.Generator().manual_seed(90210)
x = torch.randn(4, 5, generator=g, dtype=torch.float64).to(checks.device())
received = checks.unchanged(
    lambda x: numeric_gradient(lambda t: float((t**2).sum()), x),
    x,
    what="`x` is left as it was",
    hint="x + eps − 2 · eps + eps is not always x: keep the old value and put it back, or work on a copy.",
)
checks.shape(received, (4, 5), "The result of that call")

# %% conv2d_backward-statement [markdown]
# The backward pass of chapter 02's layer. The output $y_{n,o,i,j}$ was made of the products $w_{o,c,u,v}\, x_{n,c,is+u-p,js+v-p}$
# and a bias. Each product hands the error of its output to both its factors, multiplied by the other factor. By hand, for one
# channel and stride 1:
#
# ```
# x          weight     grad_out     grad_x        grad_weight    grad_bias
# 1 2 3      1 0        1 2          1 2 0         37 47          10
# 4 5 6      0 2        3 4          3 6 4         67 77
# 7 8 9                              0 6 8
# ```
#
# `grad_weight[0, 0]` is 1·1 + 2·2 + 3·4 + 4·5 = 37: this weight met these four cells. The middle cell of `x` met the weight 2 for the
# output with error 1, and the weight 1 for the output with error 4: its gradient is 2 + 4 = 6. A cell that several windows read
# *adds up* what they send; a cell that no window reads gets 0.
#
# | | shape |
# | --- | --- |
# | `grad_out` | (N, C_out, H', W') |
# | `x` | (N, C_in, H, W) |
# | `weight` | (C_out, C_in, kH, kW) |
# | result | a tuple of three: `grad_x` (as `x`), `grad_weight` (as `weight`), `grad_bias` (C_out,) |
#
# `stride` and `padding` are ints or pairs. The results have the dtype and device of `x`; the arguments stay as they are.
#
# **Raise `ValueError`** when `grad_out` has not the shape that this convolution gives, or when the channels of `x` and `weight` differ.
#
# **From scratch:** no automatic differentiation (`torch.autograd`, `.backward()`, `torch.func`, `torch.nn.grad`), no ready-made convolution
# (`conv2d`, `conv_transpose2d` and their like), no `unfold` and `fold` of `torch.nn`. The method `Tensor.unfold` is allowed. An answer that uses
# one of these gets no points in this task but for `errors` and `unchanged`.
#
# **Speed** (3 of the points): at most 25 times the CPU time of torch's own backward pass for `x` (2, 16, 32, 32), `weight` (32, 16, 3, 3),
# `padding=1`, in float32 on one thread. Do not loop over output pixels; a loop over the kH · kW taps is fine.
#
# *Hint.* For the tap (u, v), which cells of the padded `x` did the outputs meet? A slice `start : stop : step` names them all. One `einsum`
# with these cells gives `grad_weight[:, :, u, v]`, another one says what to add to them.


# %% conv2d_backward forbid="autograd convolution unfolding"
def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the gradients of a convolution with respect to ``x``, ``weight`` and the bias."""
    ### BEGIN SOLUTION
    (s_h, s_w), (p_h, p_w) = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
    n, c_in, height, width = x.shape
    c_out, c_weight, k_h, k_w = weight.shape
    rows, columns = (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1
    if c_weight != c_in or tuple(grad_out.shape) != (n, c_out, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)}, x and weight do not belong together")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    grad_padded, grad_weight = torch.zeros_like(padded), torch.empty_like(weight)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])
            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
    grad_x = grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
    return grad_x, grad_weight, grad_out.sum((0, 2, 3))
    ### END SOLUTION


# %% conv2d_backward-public points=3
# The case above, and nothing ready-made
x = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]])
weight = torch.tensor([[[[1.0, 0.0], [0.0, 2.0]]]])
grad_out = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
grad_x, grad_weight, grad_bias = rules.from_scratch(
    conv2d_backward,
    (grad_out, x, weight),
    forbid=forbidden,
    what="`conv2d_backward` is written from scratch",
)
case = "conv2d_backward(grad_out, x, weight)"
checks.close(
    grad_weight,
    torch.tensor([[[[37.0, 47.0], [67.0, 77.0]]]]),
    "The gradient of the weight",
    case=case,
    hint="each weight sums, over all output cells, the error times the cell of `x` that it met there.",
)
checks.close(
    grad_x,
    torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 6.0, 4.0], [0.0, 6.0, 8.0]]]]),
    "The gradient of x",
    case=case,
    hint="each output cell stamps the kernel, times its error, back onto the cells it read; stamps add up.",
)
checks.close(grad_bias, torch.tensor([10.0]), "The gradient of the bias", case=case)

# %% conv2d_backward-helpers
import torch.nn.functional as F

# %% conv2d_backward-channels points=5
# A batch with several channels, nothing square
g = torch.Generator().manual_seed(15532)
device = checks.device()
for shape, kernel in [((3, 4, 9, 7), (5, 4, 3, 2)), ((2, 3, 5, 8), (4, 3, 2, 5)), ((1, 2, 6, 4), (3, 2, 6, 1))]:
    x = torch.randn(shape, generator=g).to(device).requires_grad_()
    weight = torch.randn(kernel, generator=g).to(device).requires_grad_()
    bias = torch.zeros(kernel[0], device=device, requires_grad=True)
    y = F.conv2d(x, weight, bias)
    grad_out = torch.randn(y.shape, generator=g).to(device)
    wanted = torch.autograd.grad(y, (x, weight, bias), grad_out)
    received = rules.from_scratch(
        conv2d_backward,
        (grad_out, x.detach(), weight.detach()),
        forbid=forbidden,
        what="`conv2d_backward` is written from scratch",
    )
    for name, gradient, expected in zip(("x", "weight", "the bias"), received, wanted, strict=True):
        checks.close(
            gradient,
            expected,
            f"Stride 1, several channels: the gradient of {name}",
            hint="an axis is summed that should stay, or the kernel is flipped once too often.",
        )

# %% conv2d_backward-stride points=5
# Strides, also pairs, also ones that do not divide
g = torch.Generator().manual_seed(60417)
device = checks.device()
for stride in (2, (2, 3), (1, 4), (5, 1)):
    x = torch.randn(2, 3, 10, 13, generator=g).to(device).requires_grad_()
    weight = torch.randn(4, 3, 3, 2, generator=g).to(device).requires_grad_()
    bias = torch.zeros(4, device=device, requires_grad=True)
    y = F.conv2d(x, weight, bias, stride)
    grad_out = torch.randn(y.shape, generator=g).to(device)
    wanted = torch.autograd.grad(y, (x, weight, bias), grad_out)
    received = rules.from_scratch(
        conv2d_backward,
        (grad_out, x.detach(), weight.detach(), stride),
        forbid=forbidden,
        what="`conv2d_backward` is written from scratch",
    )
    for name, gradient, expected in zip(("x", "weight", "the bias"), received, wanted, strict=True):
        checks.close(
            gradient,
            expected,
            f"With a stride: the gradient of {name}",
            hint="output (i, j) read from row i · stride on; rows at the end that no window reads get 0.",
        )

# %% conv2d_backward-padding points=4
# Padding, also pairs, also with a stride
g = torch.Generator().manual_seed(28103)
device = checks.device()
for stride, padding in [(1, 1), (1, (1, 2)), (1, (3, 0)), (2, (1, 2)), ((3, 2), (2, 3))]:
    x = torch.randn(2, 3, 6, 9, generator=g).to(device).requires_grad_()
    weight = torch.randn(4, 3, 3, 5, generator=g).to(device).requires_grad_()
    bias = torch.zeros(4, device=device, requires_grad=True)
    y = F.conv2d(x, weight, bias, stride, padding)
    grad_out = torch.randn(y.shape, generator=g).to(device)
    wanted = torch.autograd.grad(y, (x, weight, bias), grad_out)
    received = rules.from_scratch(
        conv2d_backward,
        (grad_out, x.detach(), weight.detach(), stride, padding),
        forbid=forbidden,
        what="`conv2d_backward` is written from scratch",
    )
    for name, gradient, expected in zip(("x", "weight", "the bias"), received, wanted, strict=True):
        checks.close(
            gradient,
            expected,
            f"With padding: the gradient of {name}",
            hint="pad `x` as the forward pass did; at the end, cut from the gradient of the padded picture what is no picture.",
        )

# %% conv2d_backward-dtype points=2
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(3115)
device = checks.device()
for dtype in (torch.float64, torch.float32):
    x = torch.randn(2, 3, 7, 6, generator=g, dtype=dtype).to(device).requires_grad_()
    weight = torch.randn(4, 3, 2, 3, generator=g, dtype=dtype).to(device).requires_grad_()
    bias = torch.zeros(4, device=device, dtype=dtype, requires_grad=True)
    y = F.conv2d(x, weight, bias, padding=1)
    grad_out = torch.randn(y.shape, generator=g, dtype=dtype).to(device)
    wanted = torch.autograd.grad(y, (x, weight, bias), grad_out)
    received = rules.from_scratch(
        conv2d_backward,
        (grad_out, x.detach(), weight.detach()),
        {"padding": 1},
        forbid=forbidden,
        what="`conv2d_backward` is written from scratch",
    )
    for gradient, expected in zip(received, wanted, strict=True):
        checks.close(gradient, expected, "dtype and precision", hint="somewhere on the way the numbers are float32.")

# %% conv2d_backward-unchanged points=2
# The arguments are left as they were; views will do
g = torch.Generator().manual_seed(44720)
device = checks.device()
x = torch.randn(2, 5, 8, 3, generator=g).to(device).permute(0, 3, 2, 1).requires_grad_()
weight = torch.randn(2, 3, 4, 3, generator=g).to(device).permute(2, 3, 0, 1).requires_grad_()
bias = torch.zeros(4, device=device, requires_grad=True)
for padding in (1, 0):
    y = F.conv2d(x, weight, bias, padding=padding)
    grad_out = torch.randn(y.shape[::-1], generator=g).to(device).permute(3, 2, 1, 0)
    wanted = torch.autograd.grad(y, (x, weight, bias), grad_out)
    received = checks.unchanged(
        conv2d_backward,
        grad_out,
        x.detach(),
        weight.detach(),
        padding=padding,
        what="The arguments are left as they were",
    )
    for gradient, expected in zip(received, wanted, strict=True):
        checks.close(
            gradient, expected, "Arguments that are views of other tensors", hint="use reshape where view fails."
        )

# %% conv2d_backward-errors points=2
# Gradients that cannot be of this convolution
x, weight = torch.ones(2, 3, 7, 8), torch.ones(4, 3, 3, 2)
sizes = {
    "a grad_out of another height": [(4, 7), (6, 7)],
    "a grad_out of another width": [(5, 6), (5, 8)],
    "a grad_out of another height and width": [(7, 8), (6, 8), (4, 6), (1, 35)],
    "a grad_out whose height and width are swapped": [(7, 5)],
}
kinds = {
    kind: [{"grad_out": torch.ones(2, 4, *size), "x": x, "weight": weight} for size in those]
    for kind, those in sizes.items()
}
kinds |= {
    "a grad_out of another number of channels": [{"grad_out": torch.ones(2, 3, 5, 7), "x": x, "weight": weight}],
    "a grad_out of another number of pictures": [{"grad_out": torch.ones(1, 4, 5, 7), "x": x, "weight": weight}],
    "a grad_out whose pictures and channels are swapped": [
        {"grad_out": torch.ones(4, 2, 5, 7), "x": x, "weight": weight}
    ],
    "a grad_out that does not fit the stride": [
        {"grad_out": torch.ones(2, 4, 3, 3), "x": x, "weight": weight, "stride": 2}
    ],
    "a grad_out that does not fit the padding": [
        {"grad_out": torch.ones(2, 4, 5, 7), "x": x, "weight": weight, "padding": 1}
    ],
    "an x and a weight of different numbers of channels": [
        {"grad_out": torch.ones(2, 4, 5, 7), "x": torch.ones(2, 1, 7, 8), "weight": weight},
        {"grad_out": torch.ones(2, 4, 5, 7), "x": x, "weight": torch.ones(4, 1, 3, 2)},
    ],
}
checks.refuses(
    conv2d_backward,
    kinds,
    "Tensors that this convolution cannot have",
    hint="nothing compares grad_out with the size that the forward pass gives.",
)


# %% conv2d_backward-speed points=3
# At most 25 times the CPU time of torch's own, on the stated case
def reference(grad_out, x, weight, padding):
    ones, no = (1, 1), (0, 0)
    wanted = (True, True, True)
    return torch.ops.aten.convolution_backward(
        grad_out, x, weight, [len(weight)], ones, (padding, padding), ones, False, no, 1, wanted
    )


g = torch.Generator().manual_seed(20188)
grad_out, x = torch.randn(2, 32, 32, 32, generator=g), torch.randn(2, 16, 32, 32, generator=g)
weight = torch.randn(32, 16, 3, 3, generator=g) / 12
received = rules.from_scratch(
    conv2d_backward,
    (grad_out, x, weight),
    {"padding": 1},
    forbid=forbidden,
    what="`conv2d_backward` is written from scratch",
)
for gradient, expected in zip(received, reference(grad_out, x, weight, 1), strict=True):
    checks.close(gradient, expected, "The values of the case that is timed")
ratio = checks.cpu_ratio(
    conv2d_backward, reference, (grad_out, x, weight), {"padding": 1}, at_most=25, what="CPU time of conv2d_backward"
)

# %% conv2d_backward-look-text [markdown]
# Look at what a picture is told: here the loss is the sum of all outputs of an edge filter, first with stride 1, then with stride 3.

# %% conv2d_backward-look
sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])[None, None]
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6))
for axis, stride, shape in zip(axes, (1, 3), ((10, 14), (4, 5)), strict=True):
    told = conv2d_backward(torch.ones(1, 1, *shape), torch.zeros(1, 1, 12, 16), sobel, stride)[0]
    axis.imshow(told[0, 0].numpy(), cmap="gray")
    axis.set_title(f"gradient of x, stride {stride}")
    axis.axis("off")

# %% max_pool2d_backward-statement [markdown]
# Max pooling passes one cell of each window on. The others could be a little larger or smaller and the output would stay. So
# the whole error of a window goes to its largest cell, and the others get 0. By hand, for windows of two, stride 1:
#
# ```
# x           1 5 2 4        windows (1 5) (5 2) (2 4): the largest are 5, 5 and 4
# grad_out     1 2 3
# grad_x      0 3 0 3        the 5 is the largest of two windows: their errors add up
# ```
#
# **Take** `grad_out` (N, C, H', W'), `x` (N, C, H, W), and `kernel_size`, `stride`, `padding`: ints or pairs. `stride=None` means the kernel size, as in torch.
# **Return** the gradient of `x`, with its shape, dtype and device. Leave the arguments as they are.
#
# - Padding never wins: it counts as minus infinity, also beside negative cells.
# - When several cells of a window are the largest, **the first in reading order gets all**. After a ReLU this is no rare case:
#   many windows are all zeros.
#
# **Raise `ValueError`** when `grad_out` has not the shape that this pooling gives.
#
# **From scratch:** no pooling of torch (`max_pool2d`, `MaxPool2d`, `max_unpool2d` and their like) and no automatic differentiation. An answer that
# uses one gets no points in this task but for `errors` and `unchanged`.


# %% max_pool2d_backward forbid="autograd pooling"
def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    """Return the gradient of max pooling with respect to ``x`` (N, C, H, W)."""
    ### BEGIN SOLUTION
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = x.shape
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    rows, columns = (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    winner = windows.reshape(n, c, rows, columns, k_h * k_w).argmax(-1)
    first_row = torch.arange(rows, device=x.device)[:, None] * s_h
    first_column = torch.arange(columns, device=x.device) * s_w
    row, column = first_row + winner // k_w, first_column + winner % k_w
    cell = (row * padded.shape[3] + column).flatten(2)
    grad_padded = torch.zeros_like(padded).flatten(2).scatter_add(2, cell, grad_out.flatten(2))
    return grad_padded.view_as(padded)[:, :, p_h : p_h + height, p_w : p_w + width]
    ### END SOLUTION


# %% max_pool2d_backward-public points=2
# The case above, and no ready-made pooling
x = torch.tensor([[[[1.0, 5.0, 2.0, 4.0]]]])
grad_out = torch.tensor([[[[1.0, 2.0, 3.0]]]])
received = rules.from_scratch(
    max_pool2d_backward,
    (grad_out, x, (1, 2), 1),
    forbid=forbidden,
    what="`max_pool2d_backward` is written from scratch",
)
checks.close(
    received,
    torch.tensor([[[[0.0, 3.0, 0.0, 3.0]]]]),
    "The case above",
    case="max_pool2d_backward(grad_out, x, (1, 2), 1)",
    hint="a cell that wins several windows gets the sum of their errors.",
)
received = max_pool2d_backward(torch.tensor([[[[7.0]]]]), torch.tensor([[[[1.0, 2.0], [4.0, 3.0]]]]), 2)
expected = torch.tensor([[[[0.0, 0.0], [7.0, 0.0]]]])
checks.close(received, expected, "One window", case="max_pool2d_backward([[7]], [[1, 2], [4, 3]], 2)")

# %% max_pool2d_backward-helpers
import torch.nn.functional as F

# %% max_pool2d_backward-stride points=2
# Windows that are not square and leave a rest
g = torch.Generator().manual_seed(70533)
for shape, settings in [
    ((2, 3, 7, 9), {"kernel_size": 2}),
    ((3, 2, 9, 7), {"kernel_size": (2, 3)}),
    ((2, 4, 8, 11), {"kernel_size": (3, 2), "stride": (4, 3)}),
    ((1, 2, 5, 6), {"kernel_size": (5, 1), "stride": (1, 2)}),
]:
    x = torch.randn(shape, generator=g).to(checks.device()).requires_grad_()
    y = F.max_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        max_pool2d_backward,
        (grad_out, x.detach()),
        settings,
        forbid=forbidden,
        what="`max_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "Windows without overlap",
        hint="window (i, j) begins at row i · stride; rows and columns that no window reads get 0.",
    )

# %% max_pool2d_backward-overlap points=2
# Windows that overlap
g = torch.Generator().manual_seed(11294)
for shape, settings in [
    ((2, 3, 9, 8), {"kernel_size": 3, "stride": 2}),
    ((2, 2, 7, 10), {"kernel_size": (4, 3), "stride": (1, 2)}),
]:
    x = torch.randn(shape, generator=g).to(checks.device()).requires_grad_()
    y = F.max_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        max_pool2d_backward,
        (grad_out, x.detach()),
        settings,
        forbid=forbidden,
        what="`max_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "Windows that overlap",
        hint="the errors of several windows add up; writing keeps the last one only.",
    )

# %% max_pool2d_backward-ties points=2
# Several largest cells: the first gets all
g = torch.Generator().manual_seed(5208)
for settings in ({"kernel_size": 2}, {"kernel_size": (3, 2), "stride": (2, 1)}):
    x = torch.randint(-2, 2, (2, 3, 7, 8), generator=g).float().to(checks.device()).relu().requires_grad_()
    y = F.max_pool2d(x.cpu(), **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        max_pool2d_backward,
        (grad_out, x.detach()),
        settings,
        forbid=forbidden,
        what="`max_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out.cpu())[0],
        "Windows with several largest cells",
        hint="a mask `x == maximum` gives the error to all of them; the first in reading order gets all of it.",
    )

# %% max_pool2d_backward-padding points=3
# Padding never wins, also beside negative cells
g = torch.Generator().manual_seed(88125)
for settings in [
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (2, 4), "padding": (1, 2)},
    {"kernel_size": (4, 3), "stride": (3, 1), "padding": (2, 0)},
    {"kernel_size": (3, 4), "stride": 1, "padding": (1, 2)},
]:
    x = (-torch.rand(2, 3, 7, 9, generator=g) - 0.5).to(checks.device()).requires_grad_()
    y = F.max_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        max_pool2d_backward,
        (grad_out, x.detach()),
        settings,
        forbid=forbidden,
        what="`max_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "With padding",
        hint="padded with zeros, the border wins against negative cells; torch.nn.functional.pad takes a value.",
    )

# %% max_pool2d_backward-dtype points=1
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(64009)
for dtype in (torch.float64, torch.float32):
    x = torch.randn(2, 2, 6, 7, generator=g, dtype=dtype).to(checks.device()).requires_grad_()
    y = F.max_pool2d(x, 2)
    grad_out = torch.randn(y.shape, generator=g, dtype=dtype).to(checks.device())
    received = rules.from_scratch(
        max_pool2d_backward,
        (grad_out, x.detach(), 2),
        forbid=forbidden,
        what="`max_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "dtype and precision",
        hint="a buffer was made without dtype=x.dtype.",
    )

# %% max_pool2d_backward-unchanged points=1
# The arguments are left as they were; views will do
g = torch.Generator().manual_seed(1903)
x = torch.randn(2, 7, 6, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1).requires_grad_()
y = F.max_pool2d(x, 3, 1)
grad_out = torch.randn(y.shape[::-1], generator=g).to(checks.device()).permute(3, 2, 1, 0)
received = checks.unchanged(max_pool2d_backward, grad_out, x.detach(), 3, 1, what="The arguments are left as they were")
checks.close(
    received,
    torch.autograd.grad(y, x, grad_out)[0],
    "Arguments that are views of other tensors",
    hint="use reshape where view fails.",
)

# %% max_pool2d_backward-errors points=1
# Gradients that cannot be of this pooling
x = torch.ones(2, 3, 7, 9)
sizes = {
    "a grad_out of another height": [(2, 4), (4, 4)],
    "a grad_out of another width": [(3, 3), (3, 5)],
    "a grad_out of another height and width": [(4, 5), (7, 9), (2, 3), (1, 12)],
    "a grad_out whose height and width are swapped": [(4, 3)],
}
kinds = {kind: [(torch.ones(2, 3, *size), x, 2) for size in those] for kind, those in sizes.items()}
kinds |= {
    "a grad_out that does not fit the padding": [(torch.ones(2, 3, 3, 4), x, 3, 2, 1)],
    "a grad_out of another number of pictures": [(torch.ones(1, 3, 3, 4), x, 2)],
    "a grad_out of another number of channels": [(torch.ones(2, 1, 3, 4), x, 2)],
    "a grad_out whose pictures and channels are swapped": [(torch.ones(3, 2, 3, 4), x, 2)],
}
checks.refuses(
    max_pool2d_backward,
    kinds,
    "A grad_out that this pooling cannot have",
    hint="nothing compares grad_out with the size that the forward pass gives.",
)

# %% avg_pool2d_backward-statement [markdown]
# Average pooling gives each cell of a window the same weight. So it spreads the error evenly, whatever the picture was:
#
# ```
# grad_out      8 0          kernel 2, stride 2
#               0 4
#
# grad_x        2 2 0 0
#               2 2 0 0
#               0 0 1 1
#               0 0 1 1
# ```
#
# **Take** `grad_out` (N, C, H', W'), the shape (N, C, H, W) of the input (its values are not needed), and `kernel_size`, `stride`, `padding`: ints or pairs.
# `stride=None` means the kernel size. **Return** the gradient of the input: of that shape, with the dtype and device of `grad_out`. Leave `grad_out` as it is.
#
# In the forward pass a window that reaches into the padding divides by kH · kW when `count_include_pad` is True (torch's default), and by
# the number of its cells that are picture when it is False. The backward pass divides by the same number.
#
# **Raise `ValueError`** when `grad_out` has not the shape that this pooling gives.
#
# **From scratch:** no pooling of torch and no automatic differentiation. An answer that uses one gets no points in this task but for `errors`.


# %% avg_pool2d_backward forbid="autograd pooling"
def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    """Return the gradient of average pooling with respect to its input of shape ``in_shape`` (N, C, H, W)."""
    ### BEGIN SOLUTION
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = in_shape
    tall, wide = height + 2 * p_h, width + 2 * p_w
    rows, columns = (tall - k_h) // s_h + 1, (wide - k_w) // s_w + 1
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
    cells = grad_out.new_ones(tall, wide)
    if not count_include_pad:
        cells.zero_()[p_h : p_h + height, p_w : p_w + width] = 1
    share = grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1))
    grad_padded = grad_out.new_zeros(n, c, tall, wide)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_padded[:, :, down, across] += share
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
    ### END SOLUTION


# %% avg_pool2d_backward-public points=2
# The case above, and no ready-made pooling
grad_out = torch.tensor([[[[8.0, 0.0], [0.0, 4.0]]]])
received = rules.from_scratch(
    avg_pool2d_backward,
    (grad_out, (1, 1, 4, 4), 2),
    forbid=forbidden,
    what="`avg_pool2d_backward` is written from scratch",
)
expected = torch.tensor([[[[2.0, 2.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]]]])
checks.close(
    received,
    expected,
    "The case above",
    case="avg_pool2d_backward(grad_out, (1, 1, 4, 4), 2)",
    hint="each cell of a window of four gets a fourth of its error.",
)

# %% avg_pool2d_backward-helpers
import torch.nn.functional as F

# %% avg_pool2d_backward-stride points=2
# Windows that are not square and leave a rest
g = torch.Generator().manual_seed(31811)
for shape, settings in [
    ((2, 3, 7, 9), {"kernel_size": 2}),
    ((3, 2, 9, 7), {"kernel_size": (2, 3)}),
    ((2, 4, 8, 11), {"kernel_size": (3, 2), "stride": (4, 3)}),
]:
    x = torch.zeros(shape, device=checks.device(), requires_grad=True)
    y = F.avg_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        avg_pool2d_backward,
        (grad_out, shape),
        settings,
        forbid=forbidden,
        what="`avg_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "Windows without overlap",
        hint="rows and columns that no window reads get 0; the result has the shape that is asked for.",
    )

# %% avg_pool2d_backward-overlap points=2
# Windows that overlap
g = torch.Generator().manual_seed(92045)
for shape, settings in [
    ((2, 3, 9, 8), {"kernel_size": 3, "stride": 2}),
    ((2, 2, 7, 10), {"kernel_size": (4, 3), "stride": (1, 2)}),
    ((1, 2, 9, 8), {"kernel_size": (3, 4), "stride": (2, 1)}),
]:
    x = torch.zeros(shape, device=checks.device(), requires_grad=True)
    y = F.avg_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        avg_pool2d_backward,
        (grad_out, shape),
        settings,
        forbid=forbidden,
        what="`avg_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "Windows that overlap",
        hint="a cell in several windows gets a share from each of them.",
    )

# %% avg_pool2d_backward-padding points=2
# Padding, counted and not counted
g = torch.Generator().manual_seed(24680)
shape = (2, 3, 7, 9)
for settings in [
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (2, 4), "padding": (1, 2)},
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
    {"kernel_size": (2, 4), "stride": (1, 3), "padding": (1, 2), "count_include_pad": False},
    {"kernel_size": (3, 4), "stride": 1, "padding": (1, 2)},
    {"kernel_size": (4, 3), "stride": (2, 1), "padding": (2, 1), "count_include_pad": False},
]:
    x = torch.zeros(shape, device=checks.device(), requires_grad=True)
    y = F.avg_pool2d(x, **settings)
    grad_out = torch.randn(y.shape, generator=g).to(checks.device())
    received = rules.from_scratch(
        avg_pool2d_backward,
        (grad_out, shape),
        settings,
        forbid=forbidden,
        what="`avg_pool2d_backward` is written from scratch",
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "With padding",
        hint="each window divides by what its forward pass divided by; see `count_include_pad`.",
    )

# %% avg_pool2d_backward-dtype points=1
# float64 stays float64; grad_out is left as it was
g = torch.Generator().manual_seed(46131)
for dtype in (torch.float64, torch.float32):
    x = torch.zeros(2, 2, 6, 7, device=checks.device(), dtype=dtype, requires_grad=True)
    y = F.avg_pool2d(x, (2, 3))
    grad_out = torch.randn(y.shape[::-1], generator=g, dtype=dtype).to(checks.device()).permute(3, 2, 1, 0)
    rules.from_scratch(
        avg_pool2d_backward,
        (grad_out, (2, 2, 6, 7), (2, 3)),
        forbid=forbidden,
        what="`avg_pool2d_backward` is written from scratch",
    )
    received = checks.unchanged(
        avg_pool2d_backward, grad_out, (2, 2, 6, 7), (2, 3), what="`grad_out` is left as it was"
    )
    checks.close(
        received,
        torch.autograd.grad(y, x, grad_out)[0],
        "dtype and precision",
        hint="a buffer was made without dtype=grad_out.dtype.",
    )

# %% avg_pool2d_backward-errors points=1
# Gradients that cannot be of this pooling
shape = (2, 3, 7, 9)
sizes = {
    "a grad_out of another height": [(2, 4), (4, 4)],
    "a grad_out of another width": [(3, 3), (3, 5)],
    "a grad_out of another height and width": [(4, 5), (7, 9), (2, 3), (1, 12)],
    "a grad_out whose height and width are swapped": [(4, 3)],
}
kinds = {kind: [(torch.ones(2, 3, *size), shape, 2) for size in those] for kind, those in sizes.items()}
kinds |= {
    "a grad_out that does not fit the padding": [(torch.ones(2, 3, 3, 4), shape, 3, 2, 1)],
    "a grad_out of another number of pictures": [(torch.ones(1, 3, 3, 4), shape, 2)],
    "a grad_out of another number of channels": [(torch.ones(2, 1, 3, 4), shape, 2)],
    "a grad_out whose pictures and channels are swapped": [(torch.ones(3, 2, 3, 4), shape, 2)],
}
checks.refuses(
    avg_pool2d_backward,
    kinds,
    "A grad_out that this pooling cannot have",
    hint="nothing compares grad_out with the size that the forward pass gives.",
)

# %% avg_pool2d_backward-look-text [markdown]
# Look at the difference: the same errors, sent back through average and through max pooling, with overlapping windows.

# %% avg_pool2d_backward-look
picture = torch.randn(1, 1, 9, 13, generator=torch.Generator().manual_seed(0))
errors = torch.ones(1, 1, 4, 6)
figure, axes = plt.subplots(1, 3, figsize=(9, 2.4))
views = {
    "x": picture,
    "through average pooling": avg_pool2d_backward(errors, tuple(picture.shape), 3, 2),
    "through max pooling": max_pool2d_backward(errors, picture, 3, 2),
}
for axis, (title, view) in zip(axes, views.items(), strict=True):
    axis.imshow(view[0, 0].numpy(), cmap="gray")
    axis.set_title(title)
    axis.axis("off")

# %% Conv2dFunction-statement [markdown]
# How does a layer of your own become a part of torch? By a `torch.autograd.Function`: two static methods, `forward` and `backward`, and from then
# on `Conv2dFunction.apply(...)` works in any network, and `loss.backward()` finds its way through it.
#
# - `forward(ctx, x, weight, bias, stride, padding)` **returns** what `torch.nn.functional.conv2d` returns; `bias` may be None, `stride` and `padding` are ints or
#   pairs. Keep with `ctx.save_for_backward` the tensors that `backward` needs, and anything else as an attribute of `ctx`; nothing outside of `ctx`, since a
#   network runs several convolutions forward before the first of them goes backward, and may ask for a backward pass twice.
# - `backward(ctx, grad_out)` **returns one value for each argument of forward**, in the same order: three gradients, then None for
#   `stride` and None for `padding`, which have no gradient. A missing bias gets None, too.
# - `ctx.needs_input_grad` is a tuple of five bools. Where it says False, return None and save the work: for the first layer of a
#   network nobody asks for the gradient of the picture.
#
# This time torch's **forward** operations are allowed, `conv2d` and `conv_transpose2d` too. The error of a convolution is again a
# convolution, so that each of the three gradients can be one line. Or use what you wrote for task 2; copy it into this cell.
#
# *Hints.*
#
# - `grad_x` is `conv_transpose2d` of `grad_out` with `weight`, with the same stride and padding. When the stride does not divide, several sizes of `x` lead to
#   one size of output, and `output_padding` says how many rows and columns to add, so that the size of `x` comes out.
# - `grad_weight`: the weight at (u, v) met, for the output (i, j), the cell of the padded `x` at row i · stride + u and column j · stride + v. So its gradient
#   is a sum of products over all (i, j): the errors slide over `x`, and neighbours among them read cells that lie `stride` apart. That is `conv2d` of
#   `x` with `grad_out` as its kernel, the same padding, and `dilation=stride`. `conv2d` sums over the channels, but here the sum goes over the
#   pictures of the batch: swap axes 0 and 1 of `x` and of `grad_out` before, and those of the result after. When the stride does not divide, the result has
#   rows or columns too many at its end; keep the first kH and kW.
# - `grad_bias` is `grad_out`, summed over all axes but the channels.
#
# **From scratch:** `backward` may not ask torch for the answer: no `torch.autograd.grad`, `.backward()`, `torch.func`, `torch.nn.grad` or
# `convolution_backward`. An answer that does gets no points for `public`, `gradients` and `needed`.


# %% Conv2dFunction forbid="autograd"
class Conv2dFunction(torch.autograd.Function):
    """A convolution with a backward pass of its own: ``Conv2dFunction.apply(x, weight, bias, stride, padding)``."""

    @staticmethod
    def forward(
        ctx: torch.autograd.function.FunctionCtx,
        x: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        stride: int | tuple[int, int],
        padding: int | tuple[int, int],
    ) -> torch.Tensor:
        """Return the convolution of ``x`` (N, C_in, H, W) with ``weight`` (C_out, C_in, kH, kW)."""
        ### BEGIN SOLUTION
        stride, padding = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding, ctx.with_bias = stride, padding, bias is not None
        return torch.nn.functional.conv2d(x, weight, bias, stride, padding)
        ### END SOLUTION

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad_out: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of ``x``, ``weight`` and ``bias``, and None twice."""
        ### BEGIN SOLUTION
        x, weight = ctx.saved_tensors
        grad_x = grad_weight = grad_bias = None
        rest = [
            (size + 2 * p - k) % s
            for size, k, s, p in zip(x.shape[2:], weight.shape[2:], ctx.stride, ctx.padding, strict=True)
        ]
        if ctx.needs_input_grad[0]:
            grad_x = torch.nn.functional.conv_transpose2d(
                grad_out, weight, stride=ctx.stride, padding=ctx.padding, output_padding=rest
            )
        if ctx.needs_input_grad[1]:
            grad_weight = torch.nn.functional.conv2d(
                x.transpose(0, 1), grad_out.transpose(0, 1), padding=ctx.padding, dilation=ctx.stride
            )
            grad_weight = grad_weight[:, :, : weight.shape[2], : weight.shape[3]].transpose(0, 1)
        if ctx.with_bias and ctx.needs_input_grad[2]:
            grad_bias = grad_out.sum((0, 2, 3))
        return grad_x, grad_weight, grad_bias, None, None
        ### END SOLUTION


# %% Conv2dFunction-public points=2
# The case of task 2, and a backward pass of your own
def own_backward(x, weight, bias, stride, padding, grad_out, needed=(True, True, True, False, False)):
    """Run forward and backward as torch does, without torch between them."""
    ctx = checks.place(torch.autograd.function.FunctionCtx())
    ctx.needs_input_grad = needed
    Conv2dFunction.forward(ctx, x, weight, bias, stride, padding)
    ctx.saved_tensors = getattr(ctx, "to_save", ())
    return rules.from_scratch(
        Conv2dFunction.backward, (ctx, grad_out), forbid=forbidden, what="`backward` does not ask torch for the answer"
    )


x = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]], requires_grad=True)
weight = torch.tensor([[[[1.0, 0.0], [0.0, 2.0]]]], requires_grad=True)
bias = torch.tensor([0.5], requires_grad=True)
grad_out = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
own_backward(x.detach(), weight.detach(), bias.detach(), 1, 0, grad_out)
y = Conv2dFunction.apply(x, weight, bias, 1, 0)
case = "Conv2dFunction.apply(x, weight, bias, 1, 0)"
checks.close(y, torch.tensor([[[[11.5, 14.5], [20.5, 23.5]]]]), "The forward pass", case=case)
y.backward(grad_out)
checks.close(weight.grad, torch.tensor([[[[37.0, 47.0], [67.0, 77.0]]]]), "weight.grad", case=case)
checks.close(x.grad, torch.tensor([[[[1.0, 2.0, 0.0], [3.0, 6.0, 4.0], [0.0, 6.0, 8.0]]]]), "x.grad", case=case)
checks.close(bias.grad, torch.tensor([10.0]), "bias.grad", case=case)


# %% Conv2dFunction-helpers
def own_backward(x, weight, bias, stride, padding, grad_out, needed=(True, True, True, False, False)):
    ctx = checks.place(torch.autograd.function.FunctionCtx())
    ctx.needs_input_grad = needed
    Conv2dFunction.forward(ctx, x, weight, bias, stride, padding)
    ctx.saved_tensors = getattr(ctx, "to_save", ())
    return rules.from_scratch(
        Conv2dFunction.backward, (ctx, grad_out), forbid=forbidden, what="`backward` does not ask torch for the answer"
    )


# %% Conv2dFunction-forward points=2
# The forward pass, with and without a bias
import torch.nn.functional as F

g = torch.Generator().manual_seed(17330)
device = checks.device()
for dtype in (torch.float32, torch.float64):
    x = torch.randn(2, 3, 7, 10, generator=g, dtype=dtype).to(device)
    weight = torch.randn(4, 3, 3, 2, generator=g, dtype=dtype).to(device)
    bias = torch.randn(4, generator=g, dtype=dtype).to(device)
    for settings in [(None, 1, 0), (bias, 2, 1), (bias, (3, 2), (0, 1))]:
        received = checks.unchanged(
            Conv2dFunction.apply, x, weight, *settings, what="The forward pass leaves its arguments as they were"
        )
        checks.close(received, F.conv2d(x, weight, *settings), "The forward pass")

# %% Conv2dFunction-gradients points=4
# Gradients for strides and paddings, also pairs, also ones that do not divide
import torch.nn.functional as F

g = torch.Generator().manual_seed(82290)
device = checks.device()
for stride, padding in [(1, 0), (2, 1), ((2, 3), (1, 2)), ((4, 1), (0, 3))]:
    kind = torch.float64 if stride == 2 else torch.float32
    shapes = {"x": (2, 3, 8, 11), "weight": (4, 3, 3, 2), "bias": (4,)}
    inputs = {name: torch.randn(shape, generator=g, dtype=kind).to(device) for name, shape in shapes.items()}
    out = F.conv2d(*inputs.values(), stride, padding)
    own_backward(*inputs.values(), stride, padding, torch.ones_like(out))
    checks.gradients_close(
        lambda x, weight, bias, stride=stride, padding=padding: Conv2dFunction.apply(x, weight, bias, stride, padding),
        lambda x, weight, bias, stride=stride, padding=padding: F.conv2d(x, weight, bias, stride, padding),
        inputs,
        "Gradients of Conv2dFunction",
        hint="with a stride that does not divide, some rows at the end were read by no window.",
    )

# Two convolutions are open at once, and a second backward pass gives the same.
sizes = [((2, 3, 7, 8), (4, 3, 3, 2), (2, 1), (1, 0)), ((1, 2, 6, 5), (3, 2, 2, 2), 1, 1)]
leaves, outs, wanted = [], [], []
for x_shape, weight_shape, stride, padding in sizes:
    x, weight = (torch.randn(shape, generator=g).to(device) for shape in (x_shape, weight_shape))
    bias = torch.randn(weight_shape[0], generator=g).to(device)
    theirs = [tensor.clone().requires_grad_() for tensor in (x, weight, bias)]
    wanted.append(torch.autograd.grad(F.conv2d(*theirs, stride, padding).sum(), theirs))
    leaves.append([tensor.clone().requires_grad_() for tensor in (x, weight, bias)])
    outs.append(Conv2dFunction.apply(*leaves[-1], stride, padding))
for mine, out, expected in zip(leaves, outs, wanted, strict=True):
    for _ in range(2):
        for gradient, value in zip(torch.autograd.grad(out.sum(), mine, retain_graph=True), expected, strict=True):
            checks.close(
                gradient,
                value,
                "Two convolutions forward, then each of them backward twice",
                hint="keep what you need in ctx, nowhere else, and leave it there.",
            )

# %% Conv2dFunction-gradcheck points=4
# Numeric gradients of torch's convolution, in float64, with and without a bias
import torch.nn.functional as F


def slopes(f, tensor, eps=1e-6):
    """Return the gradient of the number f() for each element of tensor, from both sides; f looks at tensor itself."""
    found = torch.zeros_like(tensor)
    for i in range(tensor.numel()):
        value = tensor.view(-1)[i].item()
        tensor.view(-1)[i] = value + eps
        above = f().item()
        tensor.view(-1)[i] = value - eps
        found.view(-1)[i] = (above - f().item()) / (2 * eps)
        tensor.view(-1)[i] = value
    return found


g = torch.Generator().manual_seed(53061)
shapes = [((1, 2, 5, 4), (2, 2, 2, 3), True, (2, 1), (0, 1)), ((2, 1, 4, 5), (2, 1, 3, 2), False, (1, 2), 0)]
for x_shape, weight_shape, with_bias, stride, padding in shapes:
    x, weight, bias = (
        torch.randn(shape, generator=g, dtype=torch.float64).to(checks.device())
        for shape in (x_shape, weight_shape, weight_shape[:1])
    )
    bias = bias if with_bias else None
    grad_out = torch.randn(F.conv2d(x, weight, bias, stride, padding).shape, generator=g, dtype=x.dtype).to(x.device)
    tensors = (x, weight, bias) if with_bias else (x, weight)

    def loss(x=x, weight=weight, bias=bias, stride=stride, padding=padding, grad_out=grad_out):
        return (F.conv2d(x, weight, bias, stride, padding) * grad_out).sum()

    wanted = [slopes(loss, tensor) for tensor in tensors]
    leaves = [tensor.clone().requires_grad_() for tensor in tensors]
    out = Conv2dFunction.apply(leaves[0], leaves[1], leaves[2] if with_bias else None, stride, padding)
    received = torch.autograd.grad(out, leaves, grad_out, allow_unused=True)
    for name, gradient, expected in zip(("x", "weight", "bias"), received, wanted, strict=False):
        checks.close(
            gradient,
            expected,
            f"The numeric gradient of {name}",
            hint="compare yours with numeric_gradient of torch's conv2d, on small float64 tensors.",
            rtol=1e-6,
            atol=1e-7,
        )

# %% Conv2dFunction-needed points=2
# None where no gradient is needed, and for stride and padding

ones = torch.ones
for needed in [(False, True, True), (True, False, True), (True, True, False), (False, True, False)]:
    arguments = (ones(2, 3, 6, 7), ones(4, 3, 3, 2), ones(4), 1, 0, ones(2, 4, 4, 6))
    received = own_backward(*arguments, needed=(*needed, False, False))
    given = tuple(gradient is not None for gradient in received)
    checks.equal(
        given,
        (*needed, False, False),
        "Which of the five values are not None",
        hint="ctx.needs_input_grad says which gradients are wanted.",
    )

# %% sgd_step-statement [markdown]
# Now the weights move. One step of stochastic gradient descent with momentum $\mu$ and weight decay $\lambda$, for each parameter $p$ with gradient
# $g$ and velocity $v$:
#
# $$g' = g + \lambda p \qquad v \leftarrow \mu v + g' \qquad p \leftarrow p - \eta v$$
#
# The velocity starts at 0. By hand, with $\eta = 0.1$, $\mu = 0.5$, $\lambda = 0$: a weight 1 with gradient 2 moves to 0.8. With the same gradient again the
# velocity is $0.5 · 2 + 2 = 3$, and the weight moves to 0.5.
#
# **Take** a list of parameters, each with its gradient in `.grad`, the three numbers, and `state`: a dict that is empty before the first step and comes
# back at every later one. Keep the velocities there, `state[i]` for the parameter at place `i` of the list, and nothing anywhere else: another, empty
# `state` begins anew. **Change** the parameters in place, in the memory that they have (`p.data = …` would give them other memory); return None. Afterwards torch
# records gradients if it did before. A parameter whose `.grad` is None took no part in the loss: it stays as it is, weight decay and all. The gradients
# themselves stay as they are.
#
# *Hint.* torch lets you change a parameter in place only where it records no graph:
#
# ```
# with torch.no_grad():
#     p *= 2  # the same tensor, with other values
# ```
#
# **From scratch:** no `torch.optim`. An answer that uses it gets no points for `public`, `momentum` and `decay`.


# %% sgd_step forbid="optimizers" instead="write the three formulas down, one after the other"
def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    """Move ``params`` one step against their gradients, in place; keep the velocities in ``state``."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        for i, p in enumerate(params):
            if p.grad is None:
                continue
            gradient = p.grad + weight_decay * p
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
    ### END SOLUTION


# %% sgd_step-public points=2
# The case above, and no ready-made optimizer
p = checks.place(torch.nn.ParameterList([torch.nn.Parameter(torch.tensor([1.0]))]))[0]
state = {}
p.grad = torch.tensor([2.0])
rules.from_scratch(sgd_step, ([p], 0.1, 0.5, 0.0, state), forbid=forbidden, what="`sgd_step` is written from scratch")
checks.close(
    p,
    torch.tensor([0.8]),
    "The first step",
    case="sgd_step([p], 0.1, 0.5, 0.0, {})",
    hint="change the parameter in place, under torch.no_grad(); `p = p - …` makes a new tensor.",
)
p.grad = torch.tensor([2.0])
sgd_step([p], 0.1, 0.5, 0.0, state)
checks.close(
    p,
    torch.tensor([0.5]),
    "The second step",
    case="sgd_step([p], 0.1, 0.5, 0.0, state)",
    hint="the velocity of the first step is in `state`.",
)

# %% sgd_step-momentum points=3
# Many steps with momentum, several parameters, two dtypes
g = torch.Generator().manual_seed(38155)
device = checks.device()
for dtype, momentum in [(torch.float64, 0.9), (torch.float32, 0.7), (torch.float64, 0.0)]:
    start = [torch.randn(shape, generator=g, dtype=dtype).to(device) for shape in ((4, 3, 3, 2), (4,), (2, 5))]
    wanted = [torch.nn.Parameter(value.clone()) for value in start]
    own = list(checks.place(torch.nn.ParameterList([torch.nn.Parameter(value) for value in start])))
    optimizer, state = torch.optim.SGD(wanted, lr=0.1, momentum=momentum), {}
    for _ in range(4):
        for p, q in zip(own, wanted, strict=True):
            q.grad = torch.randn(q.shape, generator=g, dtype=dtype).to(device)
            p.grad = q.grad.clone()
        optimizer.step()
        rules.from_scratch(
            sgd_step, (own, 0.1, momentum, 0.0, state), forbid=forbidden, what="`sgd_step` is written from scratch"
        )
    for p, q in zip(own, wanted, strict=True):
        checks.close(
            p,
            q.detach(),
            "Four steps with momentum",
            hint="each parameter has a velocity of its own; the new gradient counts in full, the old velocity momentum times.",
        )

# %% sgd_step-decay points=2
# Weight decay, with and without momentum; the parameters keep their memory
import functools

g = torch.Generator().manual_seed(60992)
device = checks.device()
for momentum in (0.0, 0.8):
    start = [torch.randn(shape, generator=g, dtype=torch.float64).to(device) for shape in ((3, 4), (6,))]
    wanted = [torch.nn.Parameter(value.clone()) for value in start]
    own = list(checks.place(torch.nn.ParameterList([torch.nn.Parameter(value) for value in start])))
    optimizer, state = torch.optim.SGD(wanted, lr=0.2, momentum=momentum, weight_decay=0.3), {}
    for _ in range(3):
        for p, q in zip(own, wanted, strict=True):
            q.grad = torch.randn(q.shape, generator=g, dtype=torch.float64).to(device)
            p.grad = q.grad.clone()
        optimizer.step()
        rules.from_scratch(
            sgd_step, (own, 0.2, momentum, 0.3, state), forbid=forbidden, what="`sgd_step` is written from scratch"
        )
    for p, q in zip(own, wanted, strict=True):
        checks.close(
            p,
            q.detach(),
            "Three steps with weight decay",
            hint="the decay is added to the gradient before the velocity is made.",
        )

# What shares the memory of a parameter sees the step; nothing is returned; gradients are recorded as before.
vector_to_parameters = checks.place(functools.partial(torch.nn.utils.vector_to_parameters))
p, memory = checks.place(torch.nn.ParameterList([torch.nn.Parameter(torch.zeros(n)) for n in ((2, 3), 6)]))
vector_to_parameters(memory, [p])  # p becomes a view of the other one
p.grad = torch.arange(1.0, 7.0).reshape(2, 3)
returned = sgd_step([p], 0.5, 0.9, 0.1, {})
checks.equal(returned is None, True, "Nothing is returned", hint="the parameters are changed in place.")
checks.close(p, -0.5 * torch.arange(1.0, 7.0).reshape(2, 3), "One step")
checks.close(
    memory.detach().reshape(2, 3),
    p.detach(),
    "What shares the memory of a parameter, after the step",
    hint="p.data = ... gives p other memory; use p -= ..., p.sub_ or p.copy_ under torch.no_grad().",
)
checks.equal(p.requires_grad and p.is_leaf, True, "A parameter stays a leaf that wants gradients")
checks.grad_mode_kept(sgd_step, [p], 0.5, 0.9, 0.1, {}, what="Torch records gradients afterwards, if it did before")

# %% sgd_step-rate points=1
# A learning rate that changes between steps
g = torch.Generator().manual_seed(4519)
start = torch.randn(3, 5, generator=g, dtype=torch.float64).to(checks.device())
wanted = torch.nn.Parameter(start.clone())
own = checks.place(torch.nn.ParameterList([torch.nn.Parameter(start)]))[0]
optimizer, state = torch.optim.SGD([wanted], lr=1.0, momentum=0.9), {}
for lr in (0.5, 0.05, 0.2):
    wanted.grad = torch.randn(3, 5, generator=g, dtype=torch.float64).to(checks.device())
    own.grad = wanted.grad.clone()
    optimizer.param_groups[0]["lr"] = lr
    optimizer.step()
    sgd_step([own], lr, 0.9, 0.0, state)
checks.close(
    own,
    wanted.detach(),
    "Three steps with three learning rates",
    hint="the learning rate multiplies the velocity when the weight moves; it is no part of the velocity.",
)

# %% sgd_step-skipped points=2
# A parameter without a gradient
g = torch.Generator().manual_seed(77077)
start = [torch.randn(4, generator=g, dtype=torch.float64).to(checks.device()) for _ in range(3)]
wanted = [torch.nn.Parameter(value.clone()) for value in start]
own = list(checks.place(torch.nn.ParameterList([torch.nn.Parameter(value) for value in start])))
optimizer, state = torch.optim.SGD(wanted, lr=0.2, momentum=0.8, weight_decay=0.3), {}
for absent in (1, 0, 1, 2):
    for i, (p, q) in enumerate(zip(own, wanted, strict=True)):
        gradient = torch.randn(4, generator=g, dtype=torch.float64).to(checks.device())
        p.grad, q.grad = (None, None) if i == absent else (gradient.clone(), gradient)
    optimizer.step()
    sgd_step(own, 0.2, 0.8, 0.3, state)
for p, q in zip(own, wanted, strict=True):
    checks.close(
        p,
        q.detach(),
        "A parameter whose gradient is None in some steps",
        hint="it stays where it is, and so does its velocity; the velocities of the others keep their places.",
    )

# %% sgd_step-gradients points=2
# The gradients stay, and the velocities do not depend on them afterwards
from collections import UserDict

g = torch.Generator().manual_seed(26654)
for decay in (0.0, 0.3):
    start = torch.randn(3, 4, generator=g, dtype=torch.float64).to(checks.device())
    wanted = torch.nn.Parameter(start.clone())
    layer, state = checks.place(torch.nn.ParameterList([torch.nn.Parameter(start)]), UserDict())
    own = layer[0]
    optimizer = torch.optim.SGD([wanted], lr=0.1, momentum=0.9, weight_decay=decay)
    for _ in range(3):
        wanted.grad = torch.randn(3, 4, generator=g, dtype=torch.float64).to(checks.device())
        own.grad = wanted.grad.clone()
        optimizer.step()
        sgd_step([own], 0.1, 0.9, decay, state)
        checks.close(own.grad, wanted.grad, "`.grad` after the step", hint="add_ and += on p.grad change the gradient.")
        layer.zero_grad(set_to_none=False)  # fills the very tensor with zeros
    checks.close(
        own,
        wanted.detach(),
        "Three steps, with the gradients set to zero in place between them",
        hint="state[i] is p.grad itself and not a tensor of its own.",
    )
# Two trainings by turns, each with its own state, and the first of them begun anew.
trainings = []
for n in (3, 5):
    start = torch.randn(n, generator=g, dtype=torch.float64).to(checks.device())
    theirs = torch.nn.Parameter(start.clone())
    own = checks.place(torch.nn.ParameterList([torch.nn.Parameter(start)]))[0]
    trainings.append([own, theirs, torch.optim.SGD([theirs], lr=0.1, momentum=0.9), {}])
for step in range(5):
    trainings[0][2:] = [torch.optim.SGD([trainings[0][1]], lr=0.1, momentum=0.9), {}] if step == 3 else trainings[0][2:]
    for own, theirs, optimizer, state in trainings:
        theirs.grad = torch.randn(theirs.shape, generator=g, dtype=torch.float64).to(checks.device())
        own.grad = theirs.grad.clone()
        optimizer.step()
        sgd_step([own], 0.1, 0.9, 0.0, state)
        checks.close(
            state[0],
            optimizer.state[theirs]["momentum_buffer"],
            "The velocity in `state`",
            hint="state[i] holds the v of the formula, for the parameter at place i.",
        )
        checks.close(
            own,
            theirs.detach(),
            "Two trainings by turns, and a new state",
            hint="keep the velocities in `state` and nowhere else; an empty state begins with velocity 0.",
        )

# %% sgd_step-look-text [markdown]
# Look at what momentum does in a valley that is ten times steeper across than along: 30 steps without, and with it.

# %% sgd_step-look
steepness = torch.tensor([1.0, 10.0])
figure, axis = plt.subplots(figsize=(6, 3))
for momentum in (0.0, 0.7):
    p, state, path = torch.tensor([-4.0, 1.0], requires_grad=True), {}, []
    for _ in range(30):
        path.append(p.detach().clone())
        p.grad = steepness * p.detach()
        sgd_step([p], 0.06, momentum, 0.0, state)
    axis.plot(*torch.stack(path).T.numpy(), marker=".", label=f"momentum {momentum}")
axis.plot(0, 0, "k+")
_ = axis.legend()

# %% train_epoch-statement [markdown]
# All together: one pass over the training data. For one batch the loop of chapter 04 does this:
#
# ```
# optimizer.zero_grad()
# loss(net(x), y).backward()
# optimizer.step()
# ```
#
# And there is a trick for when memory is short: **gradient accumulation**. Gradients add up
# in `.grad` until somebody sets them to zero. So a large batch can be cut into micro-batches that are run one after the other, with
# one step at the end.
#
# The step must be the one that the large batch would give. The loss of a batch is a *mean* over its examples. By hand: two
# micro-batches, one of 3 examples with gradient 10, one of 1 example with gradient 2. The large batch of 4 has the gradient
# $(3 · 10 + 1 · 2)/4 = 8$, neither 12 nor 6.
#
# **Take** a module `net`, some of whose parameters may be frozen; `batches`, which yields at least one pair (x, y) of tensors and may be a generator, that is,
# without a length and to be walked through once; an `optimizer` of torch; `loss`, a function of (output, y) that returns the mean over the micro-batch; the
# `device` of the net, to which x and y must go by their method `.to(device)` before the net or the loss gets them; and `accumulate`, the number of
# micro-batches of one step, at least 1.
#
# - Put the net in training mode.
# - Make one step for every `accumulate` micro-batches, with the gradient of the mean loss over all their examples. Micro-batches may differ in
#   size, and the last group may have fewer of them: it makes a step, too.
# - Gradients that are there before the epoch, or are left by a group, must not count in the next step.
# - Run the micro-batches one by one. To join them to one large batch would need the memory that you want to save.
#
# **Return** the mean loss over all examples of the epoch, as a float; each example counts once, with the weights as they were when it was run.

# %% train_epoch
from collections.abc import Callable, Iterable


def train_epoch(
    net: torch.nn.Module,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    device: torch.device | str,
    accumulate: int = 1,
) -> float:
    """Train ``net`` for one epoch, with one step per ``accumulate`` micro-batches; return the mean loss per example."""
    ### BEGIN SOLUTION
    from itertools import islice

    net.train()
    total, examples, batches = 0.0, 0, iter(batches)
    while group := list(islice(batches, accumulate)):
        size = sum(len(x) for x, _ in group)
        optimizer.zero_grad()
        for x, y in group:
            part = loss(net(x.to(device)), y.to(device)) * len(x)
            (part / size).backward()
            total += part.item()
        optimizer.step()
        examples += size
    return total / examples
    ### END SOLUTION


# %% train_epoch-public points=2
# One weight, by hand
net = torch.nn.Linear(1, 1, bias=False)
torch.nn.init.constant_(net.weight, 1.0)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net, optimizer = checks.place(net, optimizer)
# The loss is the mean of the outputs, so the gradient is the mean of x: (30 + 2) / 4 = 8.
batches = [(torch.full((3, 1), 10.0), torch.zeros(3, 1)), (torch.full((1, 1), 2.0), torch.zeros(1, 1))]
case = "train_epoch(net, batches, optimizer, torch.nn.functional.l1_loss, device, accumulate=2)"
received = train_epoch(net, batches, optimizer, torch.nn.functional.l1_loss, torch.device("cpu"), accumulate=2)
checks.close(
    net.weight,
    torch.tensor([[0.2]]),
    "The weight after the step 1 − 0.1 · 8",
    case=case,
    hint="weigh each micro-batch by its share of the examples.",
)
checks.equal(isinstance(received, float), True, "A float is returned", case=case, hint=".item() makes a float.")
checks.equal(float(received), 8.0, "The mean loss over the four examples", case=case)

# %% train_epoch-helpers
import copy

# %% train_epoch-plain points=2
# An epoch without accumulation; batches go to the device, frozen layers stay
g = torch.Generator().manual_seed(99120)
device = checks.device()
torch.manual_seed(12)
wanted = torch.nn.Sequential(torch.nn.Linear(6, 9), torch.nn.Tanh(), torch.nn.Linear(9, 4)).double().to(device)
own = copy.deepcopy(wanted)
batches = [
    (torch.randn(n, 6, generator=g, dtype=torch.float64), torch.randint(4, (n,), generator=g)) for n in (5, 5, 3)
]
optimizer = torch.optim.SGD(wanted.parameters(), lr=0.3, momentum=0.8)
for x, y in batches:
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(wanted(x.to(device)), y.to(device)).backward()
    optimizer.step()
own, optimizer = checks.place(own, torch.optim.SGD(own.parameters(), lr=0.3, momentum=0.8))
train_epoch(own, batches, optimizer, torch.nn.functional.cross_entropy, device)
for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
    checks.close(
        p,
        q.detach(),
        "The weights after an epoch, one step for each batch",
        hint="zero_grad, forward, loss, backward and step, once for each batch.",
    )

# Each x and y of these batches holds other numbers until its method `to` is called; one layer is frozen.
wanted = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 4)).double().to(device)
wanted[0].requires_grad_(False)
own, batches = copy.deepcopy(wanted), []
optimizer = torch.optim.SGD([p for p in wanted.parameters() if p.requires_grad], lr=0.3)
for n in (4, 2):
    x, y = torch.randn(n, 6, generator=g, dtype=torch.float64), torch.randint(1, 4, (n,), generator=g)
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(wanted(x.to(device)), y.to(device)).backward()
    optimizer.step()
    before_x, before_y = torch.zeros_like(x), torch.zeros_like(y)
    before_x.to, before_y.to = x.to, y.to
    batches.append((before_x, before_y))
own, optimizer, batches = checks.place(
    own, torch.optim.SGD([p for p in own.parameters() if p.requires_grad], lr=0.3), iter(batches)
)
train_epoch(own, batches, optimizer, torch.nn.functional.cross_entropy, device)
for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
    checks.equal(
        p.requires_grad, q.requires_grad, "Whether a parameter is trained", hint="a frozen parameter stays frozen."
    )
    checks.close(
        p,
        q.detach(),
        "The weights after batches that had to be moved",
        hint="the net gets x.to(device), and the loss gets y.to(device).",
    )

# %% train_epoch-accumulated points=3
# Three micro-batches a step equal one large batch
g = torch.Generator().manual_seed(51876)
device = checks.device()
torch.manual_seed(5)
wanted = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(36, 4))
wanted = wanted.double().to(device)
own = copy.deepcopy(wanted)
x = torch.randn(24, 2, 5, 6, generator=g, dtype=torch.float64)
y = torch.randint(4, (24,), generator=g)
optimizer = torch.optim.SGD(wanted.parameters(), lr=0.2, momentum=0.9)
for large_x, large_y in zip(x.split(12), y.split(12), strict=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(wanted(large_x.to(device)), large_y.to(device)).backward()
    optimizer.step()
own, optimizer = checks.place(own, torch.optim.SGD(own.parameters(), lr=0.2, momentum=0.9))
batches = list(zip(x.split(4), y.split(4), strict=True))
train_epoch(own, batches, optimizer, torch.nn.functional.cross_entropy, device, accumulate=3)
for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
    checks.close(
        p,
        q.detach(),
        "The weights after two steps of three micro-batches each",
        rtol=1e-5,
        atol=1e-6,
        hint="three means add up to three times the mean of the large batch.",
    )

# %% train_epoch-unequal points=2
# Micro-batches of different sizes, and a last group that is smaller
g = torch.Generator().manual_seed(73300)
device = checks.device()
torch.manual_seed(8)
wanted = torch.nn.Sequential(torch.nn.Linear(6, 7), torch.nn.Tanh(), torch.nn.Linear(7, 3)).double().to(device)
own = copy.deepcopy(wanted)
sizes = (4, 1, 6, 2, 5, 5, 3)
x = torch.randn(sum(sizes), 6, generator=g, dtype=torch.float64)
y = torch.randint(3, (sum(sizes),), generator=g)
optimizer = torch.optim.SGD(wanted.parameters(), lr=0.4)
for large_x, large_y in zip(x.split((11, 12, 3)), y.split((11, 12, 3)), strict=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(wanted(large_x.to(device)), large_y.to(device)).backward()
    optimizer.step()
own, optimizer = checks.place(own, torch.optim.SGD(own.parameters(), lr=0.4))
batches = list(zip(x.split(sizes), y.split(sizes), strict=True))
train_epoch(own, batches, optimizer, torch.nn.functional.cross_entropy, device, accumulate=3)
for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
    checks.close(
        p,
        q.detach(),
        "The weights after groups of unequal micro-batches",
        rtol=1e-5,
        atol=1e-6,
        hint="divide by the examples of the group, not by `accumulate`; the last group counts what it has.",
    )

# %% train_epoch-modes points=2
# Training mode, one forward pass for each micro-batch, and no gradients from before
g = torch.Generator().manual_seed(16072)
device = checks.device()
torch.manual_seed(3)
wanted = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.BatchNorm1d(5), torch.nn.Linear(5, 2)).double().to(device)
own = copy.deepcopy(wanted)
batches = [(torch.randn(6, 4, generator=g, dtype=torch.float64), torch.randint(2, (6,), generator=g)) for _ in range(4)]
optimizer = torch.optim.SGD(wanted.parameters(), lr=0.1)
for group in (batches[:2], batches[2:]):
    optimizer.zero_grad()
    for x, y in group:
        (torch.nn.functional.cross_entropy(wanted(x.to(device)), y.to(device)) / 2).backward()
    optimizer.step()
own, optimizer = checks.place(own.eval(), torch.optim.SGD(own.parameters(), lr=0.1))
for p in own.parameters():
    p.grad = torch.ones_like(p)
train_epoch(own, batches, optimizer, torch.nn.functional.cross_entropy, device, accumulate=2)
checks.equal(own.training, True, "The net's mode after the epoch", hint="net.train() is missing.")
checks.equal(
    own[1].num_batches_tracked.item(),
    4,
    "How many batches the net's batch normalisation has seen in four micro-batches",
    hint="micro-batches were joined, skipped or run twice, or the net is not in training mode.",
)
for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
    checks.close(
        p,
        q.detach(),
        "The weights of a net that had old gradients and was in evaluation mode",
        rtol=1e-5,
        atol=1e-6,
        hint="set the gradients to zero before the first group, not only after a step.",
    )

# %% train_epoch-loss points=2
# The mean loss per example, as a float
g = torch.Generator().manual_seed(84331)
device = checks.device()
for accumulate in (1, 2):
    torch.manual_seed(4)
    net = torch.nn.Linear(5, 3).double().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    batches = [
        (torch.randn(n, 5, generator=g, dtype=torch.float64), torch.randint(3, (n,), generator=g)) for n in (7, 2, 4)
    ]
    weight, bias = net.weight.detach().clone(), net.bias.detach().clone()
    total = 0.0
    for group in (batches[i : i + accumulate] for i in range(0, 3, accumulate)):
        x = torch.cat([x for x, _ in group]).to(device)
        y = torch.cat([y for _, y in group]).to(device)
        weight.requires_grad_()
        bias.requires_grad_()
        mean = torch.nn.functional.cross_entropy(x @ weight.T + bias, y)
        total += mean.item() * len(x)
        slopes = torch.autograd.grad(mean, (weight, bias))
        weight, bias = weight.detach() - 0.5 * slopes[0], bias.detach() - 0.5 * slopes[1]
    net, optimizer = checks.place(net, optimizer)
    received = train_epoch(net, batches, optimizer, torch.nn.functional.cross_entropy, device, accumulate=accumulate)
    checks.equal(isinstance(received, float), True, "A float is returned", hint=".item() makes a float.")
    checks.close(
        torch.tensor(float(received)),
        torch.tensor(total / 13),
        "The mean loss per example",
        hint="a batch of 7 examples counts seven times as much as one of 1.",
    )

# %% train_epoch-generator points=1
# Batches that can be walked through once only
g = torch.Generator().manual_seed(2090)
device = checks.device()
torch.manual_seed(6)
wanted = torch.nn.Linear(3, 1).double().to(device)
for accumulate in (2, 7):
    own = copy.deepcopy(wanted)
    x, y = (torch.randn(5, 4, n, generator=g, dtype=torch.float64) for n in (3, 1))
    optimizer = torch.optim.SGD(wanted.parameters(), lr=0.1)
    for large_x, large_y in zip(x.split(accumulate), y.split(accumulate), strict=True):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(
            wanted(large_x.flatten(0, 1).to(device)), large_y.flatten(0, 1).to(device)
        ).backward()
        optimizer.step()
    own, optimizer, batches = checks.place(
        own, torch.optim.SGD(own.parameters(), lr=0.1), iter(list(zip(x.unbind(), y.unbind(), strict=True)))
    )
    train_epoch(own, batches, optimizer, torch.nn.functional.mse_loss, device, accumulate=accumulate)
    for p, q in zip(own.parameters(), wanted.parameters(), strict=True):
        checks.close(
            p,
            q.detach(),
            "The weights after batches of a generator",
            rtol=1e-5,
            atol=1e-6,
            hint="every batch counts, and `batches` can be walked through once: do not look at it before.",
        )

# %% train_epoch-look-text [markdown]
# Look at it learn: a small network on 1,433 handwritten digits of 8×8 pixels, with large batches, and with the same batches cut into micro-batches of 16.
# The two curves lie on each other.

# %% train_epoch-look
from convlab import datasets

digits = datasets.load("digits").train
figure, axis = plt.subplots(figsize=(6, 3))
for micro, accumulate, style in ((128, 1, "-"), (16, 8, "o")):
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(128, 10),
    )
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    batches = list(zip(digits.images.split(micro), digits.labels.split(micro), strict=True))
    curve = [
        train_epoch(net, batches, optimizer, torch.nn.functional.cross_entropy, "cpu", accumulate) for _ in range(8)
    ]
    axis.plot(range(1, 9), curve, style, label=f"{accumulate} × {micro} examples a step")
axis.set_xlabel("epoch")
axis.set_ylabel("mean training loss")
_ = axis.legend()
