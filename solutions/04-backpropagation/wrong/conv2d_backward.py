"""Known mistakes of `conv2d_backward`."""

mistake(
    "asks_autograd",
    "You ran torch's convolution and asked autograd for the gradients, which is the very thing to write here.",
    answer="""
import torch


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    x, weight = x.detach().requires_grad_(), weight.detach().requires_grad_()
    bias = torch.zeros(len(weight), dtype=x.dtype, device=x.device, requires_grad=True)
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channels differ")
    y = torch.nn.functional.conv2d(x, weight, bias, stride, padding)
    if y.shape != grad_out.shape:
        raise ValueError("grad_out has another shape")
    y.backward(grad_out)
    return x.grad, weight.grad, bias.grad
""",
)

mistake(
    "averages_over_the_batch",
    "You averaged the gradient of the weight over the batch; the loss has done all averaging already, "
    "here errors are only added up.",
    old="down, across])",
    new="down, across]) / n",
)

mistake(
    "bias_for_each_position",
    "You summed the gradient of the bias over the batch only; one bias serves all positions, so it "
    "collects the errors of all of them.",
    old="return grad_x, grad_weight, grad_out.sum((0, 2, 3))",
    new="return grad_x, grad_weight, grad_out.sum(0)",
)

mistake(
    "bias_mean",
    "You took the mean of the errors for the bias; each output adds the bias once, so its gradient is their sum.",
    old="return grad_x, grad_weight, grad_out.sum((0, 2, 3))",
    new="return grad_x, grad_weight, grad_out.mean((0, 2, 3))",
)

mistake(
    "cuts_the_wrong_padding",
    "You cut the padding of the height from the width and the other way round.",
    old="p_h : p_h + height, p_w : p_w",
    new="p_w : p_w + height, p_h : p_h",
)

mistake(
    "flips_kernel",
    "You flipped the kernel before you stamped it; stamping already is the flipped correlation, and "
    "flipping twice undoes it.",
    old='            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])',
    new="""
            grad_padded[:, :, down, across] += torch.einsum(
                "nohw,oc->nchw", grad_out, weight[:, :, k_h - 1 - u, k_w - 1 - v]
            )
""",
)

mistake(
    "ignores_stride",
    "You went through the cells of x one by one, as if the stride were 1.",
    old="""
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
""",
    new="""
            down = slice(u, u + rows)
            across = slice(v, v + columns)
""",
)

mistake(
    "keeps_the_padding",
    "You returned the gradient of the padded picture; cut the padding off again.",
    old="grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]",
    new="grad_padded",
)

mistake(
    "kernel_transposed",
    "You swapped rows and columns of the kernel, which only goes unnoticed while it is symmetric.",
    old='            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])',
    new="""
            grad_padded[:, :, down, across] += torch.einsum(
                "nohw,oc->nchw", grad_out, weight[:, :, min(v, k_h - 1), min(u, k_w - 1)]
            )
""",
)

mistake(
    "loops_over_pixels",
    "You loop over every output pixel in Python; let one line of Python work on all pixels of a tap.",
    old="""
    for u in range(k_h):
        for v in range(k_w):
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])
            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
""",
    new="""
    grad_weight.zero_()
    for m in range(n):
        for i in range(rows):
            for j in range(columns):
                down, across = slice(i * s_h, i * s_h + k_h), slice(j * s_w, j * s_w + k_w)
                error = grad_out[m, :, i, j]
                grad_weight += torch.einsum("o,cuv->ocuv", error, padded[m, :, down, across])
                grad_padded[m, :, down, across] += torch.einsum("o,ocuv->cuv", error, weight)
""",
)

mistake(
    "needs_contiguous",
    "You used view, which fails when grad_out or weight is a view of another tensor; reshape does not.",
    old="return grad_x, grad_weight, grad_out.sum((0, 2, 3))",
    new="return grad_x, grad_weight, grad_out.view(n, c_out, -1).sum((0, 2))",
)

mistake(
    "never_refuses",
    "You never compare grad_out with the size of the forward pass, so that a gradient of another layer is "
    "taken without a word.",
    old="""
    n, c_in, height, width = x.shape
    c_out, c_weight, k_h, k_w = weight.shape
    rows, columns = (height + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1
    if c_weight != c_in or tuple(grad_out.shape) != (n, c_out, rows, columns):
        raise ValueError(f"grad_out {tuple(grad_out.shape)}, x and weight do not belong together")
""",
    new="""
    height, width = x.shape[2:]
    k_h, k_w = weight.shape[2:]
    rows, columns = grad_out.shape[2:]
""",
)

mistake(
    "overwrites_overlaps",
    "You wrote the stamps into the gradient of x with = where += belongs: cells that several windows read "
    "keep the last error only.",
    old="across] += torch",
    new="across] = torch",
)

mistake(
    "ready_made",
    "You used torch's transposed convolution; in this task the sums are yours to write.",
    answer="""
import torch
from torch.nn import functional as F


def conv2d_backward(
    grad_out: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    stride, padding = ((value, value) if isinstance(value, int) else value for value in (stride, padding))
    room = [size + 2 * p - k for size, k, p in zip(x.shape[2:], weight.shape[2:], padding, strict=True)]
    sizes = [size // s + 1 for size, s in zip(room, stride, strict=True)]
    if x.shape[1] != weight.shape[1] or tuple(grad_out.shape) != (len(x), len(weight), *sizes):
        raise ValueError("grad_out, x and weight do not belong together")
    rest = [size % s for size, s in zip(room, stride, strict=True)]
    grad_x = F.conv_transpose2d(grad_out, weight, None, stride, padding, rest)
    grad_weight = F.conv2d(x.transpose(0, 1), grad_out.transpose(0, 1), None, 1, padding, stride)
    grad_weight = grad_weight[:, :, : weight.shape[2], : weight.shape[3]].transpose(0, 1)
    return grad_x, grad_weight, grad_out.sum((0, 2, 3))
""",
)

mistake(
    "size_from_windows",
    "You made the gradient of x as large as the windows reach; rows that no window read are missing from "
    "it, and their gradient is 0.",
    old="    grad_x = grad_padded[:, :, p_h : p_h + height, p_w : p_w + width]",
    new="""
    reach_h, reach_w = s_h * (rows - 1) + k_h - p_h, s_w * (columns - 1) + k_w - p_w
    grad_x = grad_padded[:, :, p_h : min(reach_h, p_h + height), p_w : min(reach_w, p_w + width)]
""",
)

mistake(
    "swaps_strides",
    "You stepped down by the stride for the width and across by that for the height.",
    old="""
            down = slice(u, u + s_h * (rows - 1) + 1, s_h)
            across = slice(v, v + s_w * (columns - 1) + 1, s_w)
""",
    new="""
            down = slice(u, u + s_w * (rows - 1) + 1, s_w)
            across = slice(v, v + s_h * (columns - 1) + 1, s_h)
""",
)

mistake(
    "torch_zeros_float32",
    "You made the buffers without dtype=x.dtype; they are float32 whatever x is.",
    old="zeros_like(padded), torch.empty_like(weight",
    new="zeros(padded.shape), torch.zeros(weight.shape",
)

mistake(
    "weight_meets_unpadded_x",
    "You took the gradient of the weight from x without its padding; the border weights met the zeros, too.",
    old='            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])',
    new="""
            grad_weight[:, :, u, v] = torch.einsum(
                "nohw,nchw->oc", grad_out, torch.nn.functional.pad(x, (0, 2 * p_w, 0, 2 * p_h))[:, :, down, across]
            )
""",
)

mistake(
    "writes_into_weight",
    "You wrote the gradient into weight itself; grad_weight = weight is no copy.",
    old=[
        "torch.empty_like(weight)",
        """
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])
            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
""",
    ],
    new=[
        "weight",
        """
            grad_padded[:, :, down, across] += torch.einsum("nohw,oc->nchw", grad_out, weight[:, :, u, v])
            grad_weight[:, :, u, v] = torch.einsum("nohw,nchw->oc", grad_out, padded[:, :, down, across])
""",
    ],
)

mistake(
    "reuses_x_without_padding",
    "You write the gradient into the memory of x where nothing was padded, and the caller’s picture is lost.",
    old="return grad_x, grad_weight, grad_out.sum((0, 2, 3))",
    new="grad_x = grad_x if p_h or p_w else x.detach().copy_(grad_x)\n"
    "    return grad_x, grad_weight, grad_out.sum((0, 2, 3))",
)

mistake(
    "compares_the_number_of_elements",
    "You compare how many numbers grad_out has, and not its shape.",
    old="tuple(grad_out.shape) != (n, c_out, rows, columns)",
    new="grad_out.numel() != n * c_out * rows * columns",
)

mistake(
    "compares_rows_only",
    "You look at the rows of grad_out and not at its columns.",
    old="tuple(grad_out.shape) != (n, c_out, rows, columns)",
    new="tuple(grad_out.shape[:3]) != (n, c_out, rows)",
)

mistake(
    "accepts_more_cells",
    "You accept a grad_out that is larger than this convolution gives.",
    old="tuple(grad_out.shape) != (n, c_out, rows, columns)",
    new="tuple(grad_out.shape[:2]) != (n, c_out) or grad_out.shape[2] < rows or grad_out.shape[3] < columns",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: it takes one picture and one filter, without stride and padding, "
    "and a window of any size as if it were the kernel's.",
    answer="""
import torch


def conv2d_backward(grad_out, x, weight, stride=1, padding=0):
    image, kernel, grad = x[0, 0], weight[0, 0], grad_out[0, 0]
    grad_image, grad_kernel = torch.zeros(image.shape), torch.zeros(kernel.shape)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            window = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
            grad_image[window] += grad[i, j] * kernel
            grad_kernel += grad[i, j] * image[window]
    return grad_image[None, None], grad_kernel[None, None], grad.sum()[None]
""",
)

equivalent(
    "if c_weight != c_in or tuple(grad_out.shape) != (n, c_out, rows, columns): -> "
    "if c_weight != c_in or grad_out.shape != (n, c_out, rows, columns):",
    "A torch.Size is a tuple.",
)

equivalent(
    "grad_padded[:, :, down, across] += torch.einsum('nohw,oc->nchw', grad_out, weight[:, :, u, v]) -> "
    "grad_padded[:, :, down, across] = grad_padded[:, :, down, across] + "
    "torch.einsum('nohw,oc->nchw', grad_out, weight[:, :, u, v])",
    "The sum is written to the same cells either way.",
)
