"""Halve the total with divmod; the remainder goes after."""


def same_padding(kernel_size, dilation=1):
    if isinstance(kernel_size, tuple) or isinstance(dilation, tuple):
        k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
        d = dilation if isinstance(dilation, tuple) else (dilation,) * 2
        return same_padding(k[0], d[0]), same_padding(k[1], d[1])
    if kernel_size <= 0 or dilation <= 0:
        raise ValueError("must be positive")
    half, rest = divmod((kernel_size - 1) * dilation, 2)
    return half, half + rest
