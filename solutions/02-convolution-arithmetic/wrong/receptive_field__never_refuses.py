"""You do not test the layers; a kernel of 0 or a stride of 0 makes no sense, so raise ValueError."""


def receptive_field(
    layers: list[tuple[int, int, int] | tuple[int, int, int, int]],
) -> tuple[int, int, float]:
    """Return (size, jump, start) of the receptive field of a stack of layers, in input cells."""
    size, jump, start = 1, 1, 0.0
    for kernel_size, stride, padding, *rest in layers:
        dilation = rest[0] if rest else 1
        reach = dilation * (kernel_size - 1)
        size += reach * jump
        start += (reach / 2 - padding) * jump
        jump *= stride
    return size, jump, start
