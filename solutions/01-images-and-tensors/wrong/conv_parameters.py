"""Known mistakes of `conv_parameters`."""

mistake(
    "adds_kernel_sides",
    "You added height and width of the kernel; it has height times width weights.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * (c_in * (kh + kw) + int(bias))
""",
)

mistake(
    "always_bias",
    "You counted the biases even when bias is False.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * (c_in * kh * kw + 1)
""",
)

mistake(
    "bias_for_each_channel",
    "You gave a filter one bias for each input channel; it has one, added after the sum over the channels.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * c_in * (kh * kw + int(bias))
""",
)

mistake(
    "bias_for_each_input",
    "You added one bias for each input channel; biases belong to the filters, so there are c_out of them.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * c_in * kh * kw + c_in * int(bias)
""",
)

mistake(
    "flat_filters",
    "You gave every filter one layer of weights; a filter is as deep as its input.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * (kh * kw + bias)
""",
)

mistake(
    "float",
    "You computed with floats (** 2.0 or /); a count is a plain int.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    area = (kh * kw) ** 1.0
    return c_out * (c_in * area + int(bias))
""",
)

mistake(
    "forgets_bias",
    "You counted the weights only; each filter has one bias unless bias is False.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * c_in * kh * kw
""",
)

mistake(
    "never_refuses",
    "You never look at the numbers, so a layer without filters or with a kernel of 0 gets a count.",
    answer='''
def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return c_out * (c_in * kh * kw + int(bias))
''',
)

mistake(
    "one_bias",
    "You added one bias for the whole layer; each filter has its own.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * c_in * kh * kw + int(bias)
""",
)

mistake(
    "one_filter",
    "You counted a single filter; the layer has c_out of them.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_in * kh * kw + bias
""",
)

mistake(
    "square_kernel_only",
    "You squared the height of the kernel; a kernel may be wider than it is high.",
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * (c_in * kh**2 + int(bias))
""",
)

mistake(
    "tests_the_product",
    "You tested the product of all numbers; two negative ones have a positive product.",
    old="if min(c_in, c_out, height, width) < 1:",
    new="if c_in * c_out * height * width < 1:",
)

mistake(
    "ignores_bias_of_a_pair",
    "You look at bias only for a kernel given as an int.",
    old="(1 if bias else 0)",
    new="(1 if bias or not isinstance(kernel_size, int) else 0)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the count of the chapter: it builds a layer that always has a bias, and does not raise ValueError.",
    answer="""
from torch import nn


def conv_parameters(c_in, c_out, kernel_size, bias=True):
    conv = nn.Conv2d(c_in, c_out, kernel_size=kernel_size)
    return sum(p.numel() for p in conv.parameters())
""",
)

equivalent(
    "height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size -> "
    "width, height = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size",
    "Both are multiplied and tested alike.",
)
