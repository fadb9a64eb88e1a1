"""Known mistakes of `same_padding`."""

mistake(
    "dilation_of_height",
    "You used the height’s dilation for the width too.",
    old="""
    down, across = (dilation, dilation) if isinstance(dilation, int) else dilation
    return along(height, down), along(width, across)
""",
    new="""
    down, _across = (dilation, dilation) if isinstance(dilation, int) else dilation
    return along(height, down), along(width, down)
""",
)

mistake(
    "drops_the_extra",
    "You gave both sides the smaller half; for an odd total one zero is missing, and the output shrinks.",
    old="return total // 2, total - total // 2",
    new="return total // 2, total // 2",
)

mistake(
    "extra_before",
    "You put the extra zero before; here, as in torch, it goes after.",
    old="return total // 2, total - total // 2",
    new="return total - total // 2, total // 2",
)

mistake(
    "half_kernel_both_sides",
    "You padded by kernel_size // 2 on both sides; for an even kernel that is one zero too many, and the output grows.",
    old="""
        total = dilation * (kernel_size - 1)
        return total // 2, total - total // 2
""",
    new="""
        half = dilation * (kernel_size // 2)
        return half, half
""",
)

mistake(
    "ignores_dilation",
    "You left dilation out; a dilated kernel loses dilation · (kernel_size − 1) positions.",
    old="total = dilation * (kernel_size - 1)",
    new="total = kernel_size - 1",
)

mistake(
    "never_refuses",
    "You return zeros or negative numbers for a kernel of 0; such a kernel does not exist, so raise ValueError.",
    old="""
        if min(kernel_size, dilation) < 1:
            raise ValueError("kernel_size and dilation are at least 1")

""",
    new="",
)

mistake(
    "splits_before_dilation",
    "You halved the kernel first and multiplied by the dilation after; halve the total, or the two sides drift apart.",
    old="""
        total = dilation * (kernel_size - 1)
        return total // 2, total - total // 2
""",
    new="""
        dilation * (kernel_size - 1)
        return dilation * ((kernel_size - 1) // 2), dilation * (kernel_size // 2)
""",
)

mistake(
    "total_only",
    "You returned the total; the task asks how it splits into before and after.",
    old="""
        total = dilation * (kernel_size - 1)
        return total // 2, total - total // 2
""",
    new="        return dilation * (kernel_size - 1)",
)

mistake(
    "width_first",
    "You gave the width’s zeros first, in the order of torch.nn.functional.pad; the task asks for the height’s first.",
    old="return along(height, down), along(width, across)",
    new="return along(width, across), along(height, down)",
)

mistake(
    "tests_the_product",
    "You tested the product of kernel_size and dilation; two negative numbers have a positive one.",
    old="if min(kernel_size, dilation) < 1:",
    new="if kernel_size * dilation < 1:",
)

mistake(
    "tests_ints_only",
    "You test the arguments only when both are ints; the numbers of a pair have to be in range, too.",
    old=[
        """
        if min(kernel_size, dilation) < 1:
            raise ValueError("kernel_size and dilation are at least 1")

""",
        """
        return along(kernel_size, dilation)
    height, width
""",
    ],
    new=[
        "",
        """
        if min(kernel_size, dilation) < 1:
            raise ValueError("kernel_size and dilation are at least 1")
        return along(kernel_size, dilation)
    height, width
""",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You used the formula of the chapter for totals that are even; an odd total, as of a kernel of 4, gives one zero more to the end after.",
    answer="""
def same_padding(kernel_size, dilation=1):
    half = dilation * (kernel_size - 1) // 2
    return half, half
""",
)
