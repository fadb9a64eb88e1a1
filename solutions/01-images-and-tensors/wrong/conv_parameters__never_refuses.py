"""You never look at the numbers, so a layer without filters or with a kernel of 0 gets a count."""


def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return c_out * (c_in * kh * kw + int(bias))
