"""Known mistakes of `receptive_field`."""

mistake(
    "adds_kernel_sizes",
    "You added whole kernels; the first cell is counted already, so each layer adds kernel_size − 1 steps.",
    old="size += reach * jump",
    new="size += (reach + 1) * jump",
)

mistake(
    "adds_strides",
    "You added the strides up; a stride of 2 after a stride of 3 makes steps of 6, so they multiply.",
    old="jump *= stride",
    new="jump += stride - 1",
)

mistake(
    "dilation_like_stride",
    "You let dilation widen the jump as a stride does; it spreads the taps of its own layer only.",
    old="jump *= stride",
    new="jump *= stride * dilation",
)

mistake(
    "floor_centre",
    "You halved with //; the centre of an even kernel lies between two cells, at a half.",
    old="start += (reach / 2 - padding) * jump",
    new="start += (reach // 2 - padding) * jump",
)

mistake(
    "half_based",
    "You counted coordinates from the cell’s edge, so that the first centre is 0.5; here the first cell’s centre is 0.",
    old="size, jump, start = 1, 1, 0.0",
    new="size, jump, start = 1, 1, 0.5",
)

mistake(
    "ignores_dilation",
    "You left dilation out; a dilated kernel reaches over dilation · (kernel_size − 1) + 1 cells.",
    old="reach = dilation * (kernel_size - 1)",
    new="reach = kernel_size - 1",
)

mistake(
    "ignores_padding",
    "You left the padding out of the start; it moves the first window to the left.",
    old="start += (reach / 2 - padding) * jump",
    new="start += (reach / 2) * jump",
)

mistake(
    "ignores_stride",
    "You added the kernels as if every stride were 1; after a stride each further step covers `jump` input cells.",
    old="size += reach * jump",
    new="size += reach",
)

mistake(
    "last_layer_first",
    "You went through the layers from the last to the first with the formula of the other direction; the "
    "jump grows from the input upwards.",
    old="for kernel_size, stride, padding, *rest in layers:",
    new="for kernel_size, stride, padding, *rest in reversed(layers):",
)

mistake(
    "last_stride_only",
    "You returned the last layer’s stride as the jump; it is the product of all strides.",
    old="return size, jump, start",
    new="return size, layers[-1][1] if layers else 1, start",
)

mistake(
    "never_refuses",
    "You do not test the layers; a kernel of 0 or a stride of 0 makes no sense, so raise ValueError.",
    old="""
        if min(kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")

""",
    new="",
)

mistake(
    "own_stride",
    "You multiplied by the layer’s own stride; a layer’s reach is measured in steps of the layer below "
    "it, so change the jump last.",
    answer='''
def receptive_field(
    layers: list[tuple[int, int, int] | tuple[int, int, int, int]],
) -> tuple[int, int, float]:
    """Return (size, jump, start) of the receptive field of a stack of layers, in input cells."""
    size, jump, start = 1, 1, 0.0
    for kernel_size, stride, padding, *rest in layers:
        dilation = rest[0] if rest else 1
        if min(kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")
        reach = dilation * (kernel_size - 1)
        jump *= stride
        size += reach * jump
        start += (reach / 2 - padding) * jump
    return size, jump, start
''',
)

mistake(
    "start_at_first_cell",
    "You returned the coordinate of the field’s first cell; the task asks for its centre.",
    old="start += (reach / 2 - padding) * jump",
    new="start += (0.0 - padding) * jump",
)

mistake(
    "spoils_its_argument",
    "You emptied the list of layers while you went through it; the caller's list stays as it is.",
    old="""
    for kernel_size, stride, padding, *rest in layers:
        dilation
""",
    new="""
    while layers:
        kernel_size, stride, padding, *rest = layers.pop(0)
        dilation
""",
)

mistake(
    "reverses_the_list",
    "You turned the caller's list round with reverse(); reversed(…) or a slice leaves it as it is.",
    answer="""
def receptive_field(layers):
    layers.reverse()
    size, first, last, jump = 1, 0, 0, 1
    for kernel_size, stride, padding, *rest in layers:
        dilation = rest[0] if rest else 1
        if min(kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("a layer makes no sense")
        first = first * stride - padding
        last = last * stride - padding + dilation * (kernel_size - 1)
        jump *= stride
    return last - first + 1, jump, (first + last) / 2
""",
)

mistake(
    "tests_the_product",
    "You tested the product of the settings; two negative numbers have a positive one.",
    old="if min(kernel_size, stride, dilation) < 1 or padding < 0:",
    new="if kernel_size * stride * dilation < 1 or padding < 0:",
)

mistake(
    "tests_the_first_layer",
    "You tested the first layer only; each layer has to make sense.",
    old="if min(kernel_size, stride, dilation) < 1 or padding < 0:",
    new="if jump == size == 1 and (min(kernel_size, stride, dilation) < 1 or padding < 0):",
)

mistake(
    "pasted_from_the_chapter",
    "You used the loop of the chapter, which follows size and jump only; where the first field lies, and dilation, are left.",
    answer="""
def receptive_field(layers):
    r, j = 1, 1
    for kernel_size, stride, *_ in layers:
        r, j = r + (kernel_size - 1) * j, j * stride
    return r, j, 0.0
""",
)

equivalent(
    "size, jump, start = (1, 1, 0.0) -> jump, size, start = (1, 1, 0.0)",
    "Both begin as 1.",
)

equivalent(
    "dilation = rest[0] if rest else 1 -> dilation = rest[-1] if rest else 1",
    "A layer has at most one number more.",
)

equivalent(
    "size += reach * jump -> size = size + reach * jump",
    "A number is never changed in place.",
)

equivalent(
    "start += (reach / 2 - padding) * jump -> start = start + (reach / 2 - padding) * jump",
    "A number is never changed in place.",
)

equivalent(
    "jump *= stride -> jump = jump * stride",
    "A number is never changed in place.",
)
