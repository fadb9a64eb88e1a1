"""You counted coordinates from the cell’s edge, so that the first centre is 0.5; here the first cell’s centre is
0."""


def receptive_field(
    layers: list[tuple[int, int, int] | tuple[int, int, int, int]],
) -> tuple[int, int, float]:
    """Return (size, jump, start) of the receptive field of a stack of layers, in input cells."""
    size, jump, start = 1, 1, 0.5
    for kernel_size, stride, padding, *rest in layers:
        dilation = rest[0] if rest else 1
        if min(kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")
        reach = dilation * (kernel_size - 1)
        size += reach * jump
        start += (reach / 2 - padding) * jump
        jump *= stride
    return size, jump, start
