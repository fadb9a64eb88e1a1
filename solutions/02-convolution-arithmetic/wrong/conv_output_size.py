"""Known mistakes of `conv_output_size`."""

mistake(
    "ceil",
    "You rounded up; a window that does not fit entirely is dropped, so the division is a floor.",
    old="return room // stride + 1",
    new="return -(-room // stride) + 1",
)

mistake(
    "dilation_times_kernel",
    "You took dilation · kernel_size as the reach; k taps have only k − 1 gaps, so it is dilation · "
    "(kernel_size − 1) + 1.",
    old="room = n + 2 * padding - dilation * (kernel_size - 1) - 1",
    new="room = n + 2 * padding - dilation * kernel_size",
)

mistake(
    "divides_too_early",
    "You added 1 before you divided by the stride; the 1 is the first window, so it is added after the division.",
    old="return room // stride + 1",
    new="return (room + 1) // stride",
)

mistake(
    "float",
    "You divided with /, which gives a float; a number of windows is an int, and // gives one.",
    old="return room // stride + 1",
    new="return room / stride + 1",
)

mistake(
    "forgets_first_window",
    "You counted the steps of the window, and not the window that is there before the first step: add 1.",
    old="""
        if room < 0:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return room // stride + 1
""",
    new="""
        if room < stride:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return room // stride
""",
)

mistake(
    "height_for_both",
    "You used the height’s settings for the width too; the second number of each pair belongs to the width.",
    old="*(pair[1] for pair in pairs",
    new="pairs[0][1], *(pair[0] for pair in pairs[1:]",
)

mistake(
    "ignores_dilation",
    "You took the kernel as it is; with dilation it reaches over dilation · (kernel_size − 1) + 1 cells.",
    old="room = n + 2 * padding - dilation * (kernel_size - 1) - 1",
    new="room = n + 2 * padding - kernel_size",
)

mistake(
    "never_refuses",
    "You return a size of 0 or less when the kernel does not fit; that layer cannot exist, so raise ValueError.",
    answer="""
def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    if any(isinstance(value, tuple) for value in (n, kernel_size, stride, padding, dilation)):
        pairs = [
            value if isinstance(value, tuple) else (value, value)
            for value in (n, kernel_size, stride, padding, dilation)
        ]
        return tuple(conv_output_size(*along) for along in zip(*pairs, strict=True))
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
""",
)

mistake(
    "pads_one_side",
    "You added the padding once; it goes on both sides, so the row grows by 2 · padding.",
    old="room = n + 2 * padding - dilation * (kernel_size - 1) - 1",
    new="room = n + padding - dilation * (kernel_size - 1) - 1",
)

mistake(
    "refuses_exact_fit",
    "You refuse a kernel that fits exactly; it has one window, so only a larger kernel is an error.",
    old="if room < 0:",
    new="if room <= 0:",
)

mistake(
    "width_first",
    "You swapped height and width; a pair is (height, width) everywhere.",
    old="0] for pair in pairs)), along(*(pair[1",
    new="1] for pair in pairs)), along(*(pair[0",
)

mistake(
    "rounds_toward_zero",
    "You rounded with int(…), which goes towards zero: for a kernel that is one cell too large, int(−1 / 2) is 0, so "
    "you count one window; // rounds down.",
    old="""
        if room < 0:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return room // stride + 1
""",
    new="""
        size = int(room / stride) + 1
        if size < 1:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return size
""",
)

mistake(
    "refuses_by_the_product",
    "You tested the product of height and width; when the kernel is too high and too wide, both sizes are negative and "
    "their product is not.",
    old=[
        """
        if room < 0:
            raise ValueError(f"a kernel of {kernel_size} does not fit")

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
            raise ValueError("the kernel does not fit")
        return size
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    height, width = along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
    if height * width < 1:
        raise ValueError("the kernel does not fit")
    return height, width
""",
    ],
)

mistake(
    "pair_by_two_arguments",
    "You return a pair only when n or kernel_size is one; a pair in any other argument asks for a pair, too.",
    old="""
    if all(isinstance(value, int) for value in settings):
        return along(*settings)
""",
    new="""
    if isinstance(n, int) and isinstance(kernel_size, int):
        return along(*(value if isinstance(value, int) else value[0] for value in settings))
""",
)

mistake(
    "padding_of_width_alone",
    "You tested the padding of one direction only; each number of a pair has to be in range.",
    old=[
        "stride, dilation) < 1 or padding < 0:",
        """
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
""",
    ],
    new=[
        "stride, dilation) < 1 or padding < -1:",
        """
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    if pairs[3][1] < 0:
        raise ValueError("padding is at least 0")
""",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You used the function of the chapter, which takes single numbers and trusts them; pairs and a kernel that does not fit are left.",
    answer="""
def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
""",
)
