"""Known mistakes of `max_pool_with_switches`."""

mistake(
    "counts_by_column",
    "Your switches count down the columns; they count along the rows.",
    old="top + inside // wide) * x.shape[3] + left + inside %",
    new="left + inside % wide) * x.shape[2] + top + inside //",
)

mistake(
    "counts_in_the_window",
    "Your switches count inside the window; they count from the top left of the channel.",
    old="""
    top = down * torch.arange(cut.shape[2], device=x.device)[:, None]
    left = right * torch.arange(cut.shape[3], device=x.device)
    inside = first[..., 0]
    switches = (top + inside // wide) * x.shape[3] + left + inside % wide
""",
    new="""
    inside = first[..., 0]
    switches = inside
""",
)

mistake(
    "counts_over_all_channels",
    "Your switches count on from channel to channel; each channel starts at 0.",
    old="    switches = (top + inside // wide) * x.shape[3] + left + inside % wide",
    new="""
    switches = (top + inside // wide) * x.shape[3] + left + inside % wide
    planes = torch.arange(x.shape[0] * x.shape[1], device=x.device).view(*x.shape[:2], 1, 1)
    switches = switches + planes * x.shape[2] * x.shape[3]
""",
)

mistake(
    "detaches",
    "You cut the maxima off from x, so no gradient flows.",
    old="return cut.gather(-1, first)[..., 0], switches",
    new="return cut.detach().gather(-1, first)[..., 0], switches",
)

mistake(
    "empties_the_input",
    "You wrote over the input while looking for the maxima.",
    old="    return cut.gather(-1, first)[..., 0], switches",
    new="""
    maxima = cut.gather(-1, first)[..., 0]
    if not x.requires_grad:
        x.zero_()
    return maxima, switches
""",
)

mistake(
    "float32",
    "You computed in float32, so float64 loses its precision.",
    old="    down, right = (stride, stride) if isinstance(stride, int) else stride",
    new="""
    down, right = (stride, stride) if isinstance(stride, int) else stride
    x = x.float()
""",
)

mistake(
    "ignores_the_stride",
    "You place the windows side by side and ignore the stride.",
    old="stride = kernel_size if stride is None else stride",
    new="stride = kernel_size",
)

mistake(
    "last_of_equals",
    "Of equal maxima you take the last; the first is asked for.",
    old="first = cut.argmax(-1, keepdim=True)",
    new="first = cut.shape[-1] - 1 - cut.flip(-1).argmax(-1, keepdim=True)",
)

mistake(
    "nothing_below_zero",
    "You begin each maximum at 0, so windows of negative values give 0.",
    old="return cut.gather(-1, first)[..., 0], switches",
    new="return cut.gather(-1, first)[..., 0].clamp(min=0), switches",
)

mistake(
    "ready_made",
    "You called torch's own max pooling; this task is to write it.",
    answer="""
import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    return torch.nn.functional.max_pool2d(x, kernel_size, stride, return_indices=True)
""",
)

mistake(
    "rounds_up",
    "You pool the rest at the border too; windows that do not fit are left out.",
    old=[
        "    down, right = (stride, stride) if isinstance(stride, int) else stride",
        "* x.shape[3] +",
    ],
    new=[
        """
    down, right = (stride, stride) if isinstance(stride, int) else stride
    more = [-(x.shape[2] - high) % down, -(x.shape[3] - wide) % right]
    width = x.shape[3]
    x = torch.nn.functional.pad(x, (0, more[1], 0, more[0]), value=-1e30)
""",
        "* width +",
    ],
)

mistake(
    "sorted_window",
    "You look for the switch with the value of the maximum in the whole channel, and find it in another window.",
    old="""
    top = down * torch.arange(cut.shape[2], device=x.device)[:, None]
    left = right * torch.arange(cut.shape[3], device=x.device)
    inside = first[..., 0]
    switches = (top + inside // wide) * x.shape[3] + left + inside % wide
""",
    new="""
    maxima = cut.amax(-1).flatten(2)
    switches = (x.flatten(2)[:, :, None] == maxima[..., None]).int().argmax(-1).view(first.shape[:-1])
""",
)

mistake(
    "stride_one",
    "Where no stride is given you take 1; it is the kernel size.",
    old="stride = kernel_size if stride is None else stride",
    new="stride = 1 if stride is None else stride",
)

mistake(
    "stride_width_first",
    "You read the pair of strides as (right, down); down comes first.",
    old="down, right =",
    new="right, down =",
)

mistake(
    "switches_as_floats",
    "Your switches are floats; a place is a whole number.",
    old="return cut.gather(-1, first)[..., 0], switches",
    new="return cut.gather(-1, first)[..., 0], switches.to(x.dtype)",
)

mistake(
    "width_first",
    "You read a pair as (width, height); height comes first.",
    old="high, wide =",
    new="wide, high =",
)

mistake(
    "width_of_the_result",
    "You counted rows of the width of the result; the switches lie in x.",
    old=") * x.shape[3",
    new=") * cut.shape[3",
)

mistake(
    "spoils_its_argument",
    "You set the maps to 0 in place.",
    old="    cut = x.unfold",
    new="    x.data.zero_()\n    cut = x.unfold",
)

mistake(
    "places_on_the_cpu",
    "You made the places of the windows on the CPU wherever x is.",
    old="torch.arange(cut.shape[3], device=x.device)",
    new="torch.arange(cut.shape[3])",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's call of torch's pooling; this task is to write it.",
    answer="""
import torch
from torch.nn import functional as F


def max_pool_with_switches(x, kernel_size, stride=None):
    top, switches = F.max_pool2d(x, kernel_size, stride, return_indices=True)
    return top, switches
""",
)

# Mutants that do the same

equivalent(
    "inside = first[..., 0] -> inside = first[..., -1]",
    "The axis has one element.",
)

equivalent(
    "return (cut.gather(-1, first)[..., 0], switches) -> return (cut.gather(-1, first)[..., -1], switches)",
    "The axis has one element.",
)
