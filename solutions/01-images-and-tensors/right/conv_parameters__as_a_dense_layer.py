"""A filter is a dense unit on one window: count its inputs, then the units."""

import math


def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    if min(c_in, c_out, *sides) < 1:
        raise ValueError("every number is at least 1")
    window = math.prod((c_in, *sides))
    return window * c_out + (c_out if bias else 0)
