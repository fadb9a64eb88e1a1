"""You returned the last layer’s stride as the jump; it is the product of all strides."""


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
        size += reach * jump
        start += (reach / 2 - padding) * jump
        jump *= stride
    return size, layers[-1][1] if layers else 1, start
