"""Right answers, written differently, for `conv_parameters`."""

right(
    "as_a_dense_layer",
    "A filter is a dense unit on one window: count its inputs, then the units.",
    answer='''
import math


def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    if min(c_in, c_out, *sides) < 1:
        raise ValueError("every number is at least 1")
    window = math.prod((c_in, *sides))
    return window * c_out + (c_out if bias else 0)
''',
)

right(
    "real_layer",
    'Make the layer without memory (device "meta") and count.',
    old="""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
""",
    new="""
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if c_in < 1 or c_out < 1 or kh < 1 or kw < 1:
        raise ValueError("every number is at least 1")
    layer = torch.nn.Conv2d(c_in, c_out, (kh, kw), bias=bias, device="meta")
    return sum(p.numel() for p in layer.parameters())
""",
)
