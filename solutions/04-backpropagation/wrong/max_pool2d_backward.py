"""Known mistakes of `max_pool2d_backward`."""

mistake(
    "asks_autograd",
    "You asked autograd for the gradient, which is the very thing to write here.",
    answer="""
import torch
from torch.nn import functional as F


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    x = x.detach().requires_grad_()
    padded = F.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    y = windows.flatten(4).max(-1).values
    return torch.autograd.grad(y, x, grad_out)[0]
""",
)

mistake(
    "gives_all_ties_everything",
    "You gave the error to every cell that equals the maximum; where several do, only the first in "
    "reading order gets it.",
    answer="""
import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    height, width = x.shape[2:]
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    rows, columns = grad_out.shape[2:]
    largest = windows.amax((-2, -1))
    grad_padded = torch.zeros_like(padded)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            wins = padded[:, :, down, across] == largest
            grad_padded[:, :, down, across] += wins * grad_out
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
""",
)

mistake(
    "last_of_ties",
    "You gave the error to the last of several largest cells; the first in reading order gets it.",
    old="    winner = windows.reshape(n, c, rows, columns, k_h * k_w).argmax(-1)",
    new="""
    winner = windows.reshape(n, c, rows, columns, k_h * k_w).flip(-1).argmax(-1)
    winner = k_h * k_w - 1 - winner
""",
)

mistake(
    "needs_contiguous",
    "You used view, which fails when grad_out is a view of another tensor; reshape does not.",
    old="grad_out.flatten(2))",
    new="grad_out.view(n, c, -1))",
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
        "    cell = (row * padded.shape[3] + column).flatten(2)",
    ],
    new=[
        "",
        """
    cell = (row * padded.shape[3] + column).flatten(2)
    grad_out = grad_out.expand(n, c, *grad_out.shape[2:])[:, :, :rows, :columns]
    cell = cell[..., : grad_out[0, 0].numel()]
""",
    ],
)

mistake(
    "overwrites_overlaps",
    "You wrote the error where += belongs: a cell that wins several windows keeps the last error only.",
    old=".scatter_add(",
    new=".scatter(",
)

mistake(
    "pads_with_zeros",
    "You padded with zeros, which win against negative cells; the border counts as minus infinity.",
    old="), value=-torch.inf)",
    new="))",
)

mistake(
    "ready_made",
    "You asked torch's max pooling for the winners; to find them is part of the task.",
    answer="""
import torch
from torch.nn import functional as F


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    y, winner = F.max_pool2d(x, kernel_size, stride, padding, return_indices=True)
    if y.shape != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    told = torch.zeros_like(x).flatten(2).scatter_add(2, winner.flatten(2), grad_out.flatten(2))
    return told.reshape(x.shape)
""",
)

mistake(
    "row_and_column_by_height",
    "You split the winner's number by the kernel's height; a window has k_w cells in a row, so the width divides.",
    old="k_w, first_column + winner % k_w",
    new="k_h, first_column + winner % k_h",
)

mistake(
    "shares_between_ties",
    "You shared the error between equal largest cells; torch gives all of it to the first in reading order.",
    answer="""
import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    height, width = x.shape[2:]
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    rows, columns = grad_out.shape[2:]
    largest = windows.amax((-2, -1))
    grad_padded = torch.zeros_like(padded)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            wins = padded[:, :, down, across] == largest
            grad_padded[:, :, down, across] += wins * grad_out / (windows == largest[..., None, None]).sum((-2, -1))
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
""",
)

mistake(
    "spreads_the_error",
    "You spread the error over the whole window, as average pooling does; through max pooling it goes to "
    "the largest cell alone.",
    answer="""
import torch


def max_pool2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
) -> torch.Tensor:
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
    )
    height, width = x.shape[2:]
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    if windows.shape[:4] != grad_out.shape:
        raise ValueError("grad_out is not of this pooling")
    rows, columns = grad_out.shape[2:]
    grad_padded = torch.zeros_like(padded)
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_padded[:, :, down, across] += grad_out / (k_h * k_w)
    return grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]
""",
)

mistake(
    "stride_is_kernel",
    "You stepped by the kernel size whatever the stride was.",
    old=[
        """
        (value, value) if isinstance(value, int) else value
        for value in (kernel_size, kernel_size if stride is None else stride, padding)
""",
        """
    if tuple(grad_out.shape) != (n, c, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)} is not of this pooling")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    winner = windows.reshape(n, c, rows, columns, k_h * k_w).argmax(-1)
""",
    ],
    new=[
        "        (value, value) if isinstance(value, int) else value for value in (kernel_size, kernel_size, padding)",
        """
    grad_out = grad_out[:, :, :rows, :columns]
    rows, columns = grad_out.shape[2:]
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    winner = windows[:, :, :rows, :columns].reshape(n, c, rows, columns, k_h * k_w).argmax(-1)
""",
    ],
)

mistake(
    "torch_zeros_float32",
    "You made the buffer without dtype=x.dtype; it is float32 whatever x is.",
    old="zeros_like(padded).flatten(2).scatter_add(2, cell, grad_out",
    new="zeros(padded.shape).flatten(2).scatter_add(2, cell, grad_out.float()",
)

mistake(
    "writes_into_x",
    "You used x itself as the buffer for its gradient, so that the picture is lost.",
    old=[
        ".pad(x, (p_w",
        "    grad_padded = torch.zeros_like(padded).flatten(2).scatter_add(2, cell, grad_out.flatten(2))",
    ],
    new=[
        ".pad(x.detach(), (p_w",
        """
    grad_padded = (
        (x if padded.shape == x.shape else padded).fill_(0).flatten(2).scatter_add(2, cell, grad_out.flatten(2))
    )
""",
    ],
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


def max_pool2d_backward(grad_out, x, kernel_size, stride=None, padding=0):
    k = kernel_size if isinstance(kernel_size, int) else kernel_size[-1]
    stride = stride or k
    signal, largest = x[0, 0, 0], torch.zeros(x.shape)
    for i, g in enumerate(grad_out[0, 0, 0]):
        start = stride * i
        largest[0, 0, 0, start + signal[start:start + k].argmax()] += g
    return largest
""",
)

equivalent(
    "if tuple(grad_out.shape) != (n, c, rows, columns): -> if grad_out.shape != (n, c, rows, columns):",
    "A torch.Size is a tuple.",
)

mistake(
    "counts_padding_three_times",
    "You count the padding of the width three times; there is one on the left and one on the right.",
    old="(width + 2 * p_w - k_w) // s_w + 1",
    new="(width + 3 * p_w - k_w) // s_w + 1",
)

equivalent(
    "first_row = torch.arange(rows, device=x.device)[:, None] * s_h -> first_row = torch.arange(rows)[:, None] * s_h",
    "It is the same on the CPU. On another device (CONVLAB_DEVICE) every check of values fails it.",
)

equivalent(
    "first_column = torch.arange(columns, device=x.device) * s_w -> first_column = torch.arange(columns) * s_w",
    "It is the same on the CPU. On another device (CONVLAB_DEVICE) every check of values fails it.",
)
