"""Known mistakes of `avg_pool2d_backward`."""

mistake(
    "always_counts_padding",
    "You divided by kH · kW also with count_include_pad=False, where only cells of the picture count.",
    old="""
    if not count_include_pad:
        cells.zero_()[p_h : p_h + height, p_w : p_w + width] = 1

""",
    new="",
)

mistake(
    "asks_autograd",
    "You ran torch's average pooling and asked autograd for its gradient, which is the very thing to write here.",
    answer="""
import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    x = torch.zeros(in_shape, dtype=grad_out.dtype, device=grad_out.device, requires_grad=True)
    y = torch.nn.functional.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
    if y.shape != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    return torch.autograd.grad(y, x, grad_out)[0]
""",
)

mistake(
    "divides_by_height_squared",
    "You divided by the kernel's height twice; a window has kH · kW cells.",
    old="cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1)",
    new="(k_h * k_h",
)

mistake(
    "divides_in_place",
    "You divided grad_out in place; it belongs to the layer above.",
    old="grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1)",
    new="grad_out.div_(cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1))",
)

mistake(
    "enlarges_only",
    "You copied each share into a block of kernel size, which leaves no place for windows that overlap, "
    "leave gaps or leave a rest.",
    answer="""
import torch


def avg_pool2d_backward(
    grad_out: torch.Tensor,
    in_shape: tuple[int, int, int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    count_include_pad: bool = True,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    n, c, height, width = in_shape
    if tuple(grad_out.shape) != (n, c, (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1):
        raise ValueError("grad_out is not of this pooling")
    share = grad_out / (k_h * k_w)
    return share.repeat_interleave(k_h, 2).repeat_interleave(k_w, 3)
""",
)

mistake(
    "forgets_to_divide",
    "You gave the whole error to every cell of the window; each passes on only its share of the average.",
    old="grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1))",
    new="grad_out",
)

mistake(
    "keeps_the_padding",
    "You returned the gradient of the padded picture; cut the padding off again.",
    old="grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]",
    new="grad_padded",
)

mistake(
    "never_counts_padding",
    "You divided by the number of picture cells also with count_include_pad=True, torch's default.",
    old="""
    if not count_include_pad:
        cells.zero_()[p_h : p_h + height, p_w : p_w + width] = 1
""",
    new="    cells.zero_()[p_h : p_h + height, p_w : p_w + width] = 1",
)

mistake(
    "never_refuses",
    "You never compare grad_out with the size of the forward pass, so that a gradient of another layer is "
    "taken without a word.",
    old=[
        """
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
""",
        "sum((-2, -1))",
    ],
    new=[
        """
    grad_out = grad_out.expand(n, c, *grad_out.shape[2:])
    rows, columns = min(rows, grad_out.shape[2]), min(columns, grad_out.shape[3])
    grad_out = grad_out[:, :, :rows, :columns]
""",
        "sum((-2, -1))[:rows, :columns]",
    ],
)

mistake(
    "overwrites_overlaps",
    "You wrote the shares where += belongs: a cell in several windows keeps the last share only.",
    old="grad_padded[:, :, down, across] += share",
    new="grad_padded[:, :, down, across] = share",
)

mistake(
    "stride_one_by_default",
    "You took a stride of 1 where none is given; windows then lie side by side, and the stride is the kernel size.",
    old=", kernel_size if",
    new=", 1 if",
)

mistake(
    "torch_zeros_float32",
    "You made the buffer without dtype=grad_out.dtype; it is float32 whatever the error is.",
    old="grad_padded = grad_out.new_zeros(n, c, tall, wide)",
    new="grad_padded = torch.zeros(n, c, tall, wide)",
)

mistake(
    "compares_the_number_of_elements",
    "You compare how many numbers grad_out has, and not its shape.",
    old="if tuple(grad_out.shape) != (n, c, rows, columns):",
    new="if grad_out.numel() != n * c * rows * columns:",
)

mistake(
    "compares_rows_only",
    "You look at the rows of grad_out and not at its columns.",
    old="if tuple(grad_out.shape) != (n, c, rows, columns):",
    new="if tuple(grad_out.shape[:3]) != (n, c, rows):",
)

mistake(
    "compares_columns_only",
    "You look at the columns of grad_out and not at its rows.",
    old="if tuple(grad_out.shape) != (n, c, rows, columns):",
    new="if (*grad_out.shape[:2], grad_out.shape[3]) != (n, c, columns):",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: it pools one row of one picture, and knows neither columns nor padding.",
    answer="""
import torch


def avg_pool2d_backward(grad_out, in_shape, kernel_size, stride=None, padding=0, count_include_pad=True):
    k = kernel_size if isinstance(kernel_size, int) else kernel_size[-1]
    stride = stride or k
    average = torch.zeros(in_shape)
    for i, g in enumerate(grad_out[0, 0, 0]):
        start = stride * i
        average[0, 0, 0, start:start + k] += g / k
    return average
""",
)

equivalent(
    "if tuple(grad_out.shape) != (n, c, rows, columns): -> if grad_out.shape != (n, c, rows, columns):",
    "A torch.Size is a tuple.",
)

mistake(
    "counts_padding_three_times",
    "You count the padding of the width three times; there is one on the left and one on the right.",
    old="width + 2 * p_w",
    new="width + 3 * p_w",
)

mistake(
    "one_column_more",
    "Your slice ends one column late; with stride 1 that is one cell too many.",
    old="v + s_w * (columns - 1) + 1",
    new="v + s_w * (columns - 1) + 2",
)

equivalent(
    "cells = grad_out.new_ones(tall, wide) -> cells = torch.ones(tall, wide)",
    "Small whole numbers are exact in float32, and the shares are added to a tensor of the dtype of grad_out. "
    "On another device (CONVLAB_DEVICE) every check of values fails it.",
)

equivalent(
    "share = grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((-2, -1)) -> "
    "share = grad_out / cells.unfold(0, k_h, s_h).unfold(1, k_w, s_w).sum((2, -1))",
    "Of four axes, 2 and -2 are the same.",
)

equivalent(
    "grad_padded[:, :, down, across] += share -> "
    "grad_padded[:, :, down, across] = grad_padded[:, :, down, across] + share",
    "The sum is written to the same cells either way.",
)
