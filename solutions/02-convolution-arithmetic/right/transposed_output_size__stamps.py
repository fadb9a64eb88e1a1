"""Find the last cell that a stamp touches."""


def transposed_output_size(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    arguments = (n, kernel_size, stride, padding, output_padding, dilation)
    if any(isinstance(value, tuple) for value in arguments):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in arguments]
        return tuple(transposed_output_size(*along) for along in zip(*pairs, strict=True))
    if not (n > 0 and kernel_size > 0 and stride > 0 and dilation > 0):
        raise ValueError("n, kernel_size, stride and dilation must be positive")
    if padding < 0 or not 0 <= output_padding < max(stride, dilation):
        raise ValueError("the paddings are out of range")
    last = 0
    for cell in range(n):
        for tap in range(kernel_size):
            last = max(last, cell * stride + tap * dilation)
    size = last + 1 - padding - padding + output_padding
    if size <= 0:
        raise ValueError("nothing is left")
    return size
