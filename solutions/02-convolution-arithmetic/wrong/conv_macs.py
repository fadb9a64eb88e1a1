"""Known mistakes of `conv_macs`."""

mistake(
    "counts_bias",
    "You counted the bias; this task counts products only.",
    old="] * kernel[1]",
    new="] * kernel[1] + positions * c_out",
)

mistake(
    "dilation_adds_products",
    "You counted the gaps of a dilated kernel; they are skipped, not multiplied.",
    old="    return positions * c_out * (c_in // groups) * kernel[0] * kernel[1]",
    new="""
    return (
        positions * c_out * (c_in // groups) * (dilation[0] * (kernel[0] - 1) + 1) * (dilation[1] * (kernel[1] - 1) + 1)
    )
""",
)

mistake(
    "divides_by_groups_twice",
    "You divided both channel counts by the groups; each filter sees fewer channels, but there are still "
    "c_out filters.",
    old="positions * c_out * (",
    new="positions * (c_out // groups) * (",
)

mistake(
    "flops",
    "You counted multiplication and addition apart; one multiply–accumulate is both, and counts 1.",
    old="] * kernel[1]",
    new="] * kernel[1] * 2",
)

mistake(
    "forgets_input_channels",
    "You counted one channel; each filter is as deep as its input, so multiply by the input channels.",
    old="* (c_in // groups) * kernel[",
    new="* kernel[",
)

mistake(
    "forgets_output_channels",
    "You counted one filter; the layer has c_out of them.",
    old="* c_out * (c_in",
    new="* (c_in",
)

mistake(
    "ignores_groups",
    "You let every filter see all channels; with groups it sees C / groups of them.",
    old="c_in // groups)",
    new="c_in)",
)

mistake(
    "input_positions",
    "You counted a window for every input pixel; windows are as many as output pixels.",
    old=[
        "n, k, s, p, d",
        "positions *= room // s + 1",
    ],
    new=[
        "n, k, _s, p, d",
        "positions *= n",
    ],
)

mistake(
    "never_refuses",
    "You do not test whether the groups divide the channels or the kernel fits; such a layer does not "
    "exist, so raise ValueError.",
    old=[
        """
    if c_in % groups or c_out % groups:
        raise ValueError(f"{groups} groups do not divide {c_in} and {c_out} channels")

""",
        """
        if room < 0:
            raise ValueError("the kernel does not fit")

""",
    ],
    new=[
        "",
        "",
    ],
)

mistake(
    "parameters",
    "You counted the weights; each of them is used once at every position.",
    old="return positions * c_out *",
    new="return c_out *",
)

mistake(
    "square_kernel_only",
    "You squared the kernel’s height; kernels need not be square.",
    old="] * kernel[1]",
    new="] * kernel[0]",
)

mistake(
    "rounds_toward_zero",
    "You rounded with int(…), which goes towards zero, so that a kernel that is one cell too large has a window at stride 2.",
    old="""
        if room < 0:
            raise ValueError("the kernel does not fit")
        positions *= room // s + 1
""",
    new="""
        size = int(room / s) + 1
        if size < 1:
            raise ValueError("the kernel does not fit")
        positions *= size
""",
)

mistake(
    "refuses_by_the_product",
    "You tested the number of positions, which is a product; when the kernel is too high and too wide, both factors are "
    "negative and their product is not.",
    old="""
        if room < 0:
            raise ValueError("the kernel does not fit")
        positions *= room // s + 1
    return
""",
    new="""
        positions *= room // s + 1
    if positions < 1:
        raise ValueError("the kernel does not fit")
    return
""",
)

mistake(
    "refuses_exact_fit",
    "You refuse a kernel that fits exactly; it has one window, so only a larger kernel is an error.",
    old="if room < 0:",
    new="if room <= 0:",
)

mistake(
    "one_negative_padding",
    "You refuse a padding only when both of its numbers are negative; one is enough.",
    old="< 1 or min(padding) < 0:",
    new="< 1 or max(padding) < 0:",
)

mistake(
    "divides_by_negative_groups",
    "You tested for 0 groups only; a negative number of groups makes no sense either.",
    old="if min(c_in, *sizes, c_out, groups, *kernel, *stride, *dilation) < 1 or min(padding) < 0:",
    new="if min(c_in, *sizes, c_out, *kernel, *stride, *dilation) < 1 or min(padding) < 0 or groups == 0:",
)

mistake(
    "fits_before_padding",
    "You compared the kernel with the picture before the padding; the padded picture has to hold it.",
    old="if room < 0:",
    new="if room < 0 or n < k:",
)

mistake(
    "pasted_from_the_chapter",
    "You multiplied the weights by the size of the input, as the chapter does for layers that keep the size; count the positions of the output.",
    answer="""
import torch


def conv_macs(in_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    channels, height, width = in_shape
    layer = torch.nn.Conv2d(channels, c_out, kernel_size, padding=padding, groups=groups)
    return layer.weight.numel() * height * width
""",
)

equivalent(
    "for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True): -> "
    "for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation):",
    "The sequences have two items each, one for each direction.",
)

equivalent(
    "for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True): -> "
    "for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=False):",
    "The sequences have two items each, one for each direction.",
)

equivalent(
    "positions *= room // s + 1 -> positions = positions * (room // s + 1)",
    "A number is never changed in place.",
)

equivalent(
    "return positions * c_out * (c_in // groups) * kernel[0] * kernel[1] -> "
    "return positions * c_out * -(-c_in // groups) * kernel[0] * kernel[1]",
    "The division leaves no remainder, or ValueError was raised before.",
)
