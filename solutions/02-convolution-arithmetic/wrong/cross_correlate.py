"""Known mistakes of `cross_correlate`."""

mistake(
    "adds_an_axis_in_place",
    "You changed the shape of x itself (a name that ends in _ works in place); the caller’s picture has "
    "gained an axis.",
    old=[
        '        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")',
        "] = (x[i : i +",
    ],
    new=[
        """
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
    x.unsqueeze_(0)
""",
        "] = (x[0, i : i +",
    ],
)

mistake(
    "flips_kernel",
    "You flipped the kernel: that is the convolution of mathematics; networks compute the cross- "
    "correlation, without the flip.",
    old="] * k).sum()",
    new="] * k.flip(0, 1)).sum()",
)

mistake(
    "keeps_the_size",
    "You padded with zeros to keep the size; this task asks for the windows that fit entirely.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("the kernel does not fit")
    padded = x.new_zeros(x.shape[0] + kh - 1, x.shape[1] + kw - 1)
    padded[kh // 2 : kh // 2 + x.shape[0], kw // 2 : kw // 2 + x.shape[1]] = x
    out = torch.empty_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = torch.sum(padded[i : i + kh, j : j + kw] * k)
    return out
""",
)

mistake(
    "mean",
    "You took the mean of the products; a correlation is their sum.",
    old="] * k).sum()",
    new="] * k).mean()",
)

mistake(
    "multiplies_in_place",
    "You multiplied the window in place; a slice is a view, so you changed the picture itself, and the "
    "next window saw it.",
    old="            out[i, j] = (x[i : i + k.shape[0], j : j + k.shape[1]] * k).sum()",
    new="""
            window = x[i : i + k.shape[0], j : j + k.shape[1]]
            window *= k
            out[i, j] = window.sum()
""",
)

mistake(
    "never_refuses",
    "You do not test whether the kernel fits; an empty result hides the mistake from the next layer, so "
    "raise ValueError.",
    old="""
    if height < 1 or width < 1:
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
""",
    new="    height, width = max(height, 0), max(width, 0)",
)

mistake(
    "python_floats",
    "You collected Python floats and made a tensor of them at the end, which is float32 whatever x was.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("kernel too large")
    rows = []
    for i in range(x.shape[0] - k.shape[0] + 1):
        row = []
        for j in range(x.shape[1] - k.shape[1] + 1):
            total = 0.0
            for u in range(k.shape[0]):
                for v in range(k.shape[1]):
                    total += x[i + u, j + v].item() * k[u, v].item()
            row.append(total)
        rows.append(row)
    return torch.tensor(rows)
""",
)

mistake(
    "ready_made",
    "You called torch’s own convolution; this task is to write it.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("the kernel does not fit")
    return torch.nn.functional.conv2d(x[None, None], k[None, None])[0, 0]
""",
)

mistake(
    "rows_and_columns_swapped",
    "You filled the result with rows and columns swapped: i counts rows, so it comes first.",
    old=[
        "out = x.new_empty(height, width)",
        "out[i, j] = (",
    ],
    new=[
        "out = x.new_empty(width, height)",
        "out[j, i] = (",
    ],
)

mistake(
    "square_kernel_only",
    "You used the kernel’s height for its width too; a kernel need not be square.",
    old=[
        "- k.shape[1] + 1",
        "k.shape[1]] *",
    ],
    new=[
        "- k.shape[0] + 1",
        "k.shape[0]] *",
    ],
)

mistake(
    "stops_one_early",
    "Your loops end one window early; a row of W cells has W − kW + 1 windows.",
    old="] + 1, x.shape[1] - k.shape[1] + 1",
    new="], x.shape[1] - k.shape[1]",
)

mistake(
    "torch_zeros_float32",
    "You made the result with torch.zeros, which is float32 on the CPU; give it the dtype and device of x.",
    old="out = x.new_empty(height, width)",
    new="out = torch.zeros(height, width)",
)

mistake(
    "spoils_its_argument",
    "You emptied the picture after its numbers were used; the caller's tensor stays as it is.",
    old="    return out",
    new="""
    x.zero_()
    return out
""",
)

mistake(
    "refuses_by_the_product",
    "You tested the product of the two lengths; when the kernel is too high and too wide, both are negative and their "
    "product is not.",
    old="""
    if height < 1 or width < 1:
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
""",
    new="""
    if height * width < 1:
        raise ValueError("the kernel does not fit")
    height, width = max(height, 0), max(width, 0)
""",
)

mistake(
    "forgets_the_offset",
    "You cut the windows out with as_strided and left the storage offset out; a view need not begin where its memory does.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    height, width = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if height < 1 or width < 1:
        raise ValueError("the kernel does not fit")
    windows = torch.as_strided(x, (height, width, *k.shape), (*x.stride(), *x.stride()), 0)
    return (windows * k).sum((2, 3))
""",
)

mistake(
    "pasted_from_the_chapter",
    "You used the loops of the chapter, which are for square pictures and kernels and write into float32; the task asks for any shape and dtype.",
    answer="""
import torch


def cross_correlate(x, k):
    K = len(k)
    size = len(x) - K + 1
    y = torch.zeros(size, size)
    for i in range(size):
        for j in range(size):
            y[i, j] = (x[i : i + K, j : j + K] * k).sum()
    return y
""",
)
