"""You return a size of 0 or less when the kernel does not fit; that layer cannot exist, so raise ValueError."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    if any(isinstance(value, tuple) for value in (n, kernel_size, stride, padding, dilation)):
        pairs = [
            value if isinstance(value, tuple) else (value, value)
            for value in (n, kernel_size, stride, padding, dilation)
        ]
        return tuple(conv_output_size(*along) for along in zip(*pairs, strict=True))
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
