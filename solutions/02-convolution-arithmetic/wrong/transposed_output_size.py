"""Known mistakes of `transposed_output_size`."""

mistake(
    "adds_padding",
    "You added the padding; in a transposed convolution padding removes cells, on both sides.",
    old=") + 1 - 2 * padding",
    new=") + 1 + 2 * padding",
)

mistake(
    "dilation_times_kernel",
    "You took dilation · kernel_size as the stamp’s reach; k taps have only k − 1 gaps.",
    old="(kernel_size - 1) + 1",
    new="kernel_size",
)

mistake(
    "forgets_output_padding",
    "You left output_padding out; it adds cells at the end.",
    old="padding + output_padding",
    new="padding",
)

mistake(
    "forward_formula",
    "You used the formula of the ordinary convolution; here each input cell makes a window, so the stride multiplies.",
    old="- 1) * stride + dilation * (kernel_size - 1) + 1 - 2 * padding",
    new="+ 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1",
)

mistake(
    "height_for_both",
    "You used the height’s settings for the width too; the second number of each pair belongs to the width.",
    old="*(pair[1] for pair in pairs",
    new="pairs[0][1], *(pair[0] for pair in pairs[1:]",
)

mistake(
    "ignores_dilation",
    "You took the kernel as it is; with dilation a stamp reaches over dilation · (kernel_size − 1) + 1 cells.",
    old="dilation * (kernel_size - 1) + 1",
    new="kernel_size",
)

mistake(
    "limit_by_stride_only",
    "You compared output_padding with the stride alone; it must be smaller than the larger of stride and dilation.",
    old="if output_padding >= max(stride, dilation):",
    new="if output_padding >= stride:",
)

mistake(
    "n_times_stride",
    "You let n stamps make n steps; there are n − 1 steps between n stamps.",
    old="size = (n - 1) * stride",
    new="size = n * stride",
)

mistake(
    "no_limit",
    "You allow any output_padding; when it reaches the stride and the dilation, the size belongs to a "
    "larger input, so raise ValueError.",
    old="""
        if output_padding >= max(stride, dilation):
            raise ValueError("output_padding is smaller than the stride or the dilation")

""",
    new="",
)

mistake(
    "output_padding_twice",
    "You counted output_padding on both sides; it is added at the end only, once.",
    old="+ output_padding",
    new="+ 2 * output_padding",
)

mistake(
    "removes_padding_once",
    "You took the padding away on one side only; it goes on both.",
    old="+ 1 - 2 * padding + output_padding",
    new="+ 1 - padding + output_padding",
)

mistake(
    "refuses_by_the_product",
    "You tested the product of height and width; when both are negative their product is not.",
    old=[
        """
        if size < 1:
            raise ValueError("the padding removes everything")

""",
        """
        return along(*settings)
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    return along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
""",
    ],
    new=[
        "",
        """
        size = along(*settings)
        if size < 1:
            raise ValueError("the padding removes everything")
        return size
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    height, width = along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
    if height * width < 1:
        raise ValueError("the padding removes everything")
    return height, width
""",
    ],
)

mistake(
    "pair_by_four_arguments",
    "You forgot that output_padding or padding alone may be the pair; then the result is a pair, too.",
    old="""
    if all(isinstance(value, int) for value in settings):
        return along(*settings)
""",
    new="""
    if all(isinstance(value, int) for value in (n, kernel_size, stride, dilation)):
        return along(*(value if isinstance(value, int) else value[0] for value in settings))
""",
)

mistake(
    "limit_by_both",
    "You refuse an output_padding that is not smaller than both stride and dilation; one of the two is enough.",
    old="if output_padding >= max(stride, dilation):",
    new="if output_padding >= min(stride, dilation) and output_padding > 0:",
)

mistake(
    "pasted_from_the_chapter",
    "You used the formula of the chapter as it stands, for single numbers; pairs, and settings that no layer has, are left.",
    answer="""
def transposed_output_size(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    return (n - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1 + output_padding
""",
)
