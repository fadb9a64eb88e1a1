"""Right answers, written differently, for `conv_output_size`."""

right(
    "counting",
    "Count the windows one by one.",
    answer="""
def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    arguments = [n, kernel_size, stride, padding, dilation]
    if any(type(value) is tuple for value in arguments):
        pairs = [value if type(value) is tuple else (value, value) for value in arguments]
        return tuple(conv_output_size(*along) for along in zip(*pairs, strict=True))
    if n < 1 or kernel_size < 1 or stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("this setting makes no sense")
    count, first = 0, -padding
    while first + dilation * (kernel_size - 1) < n + padding:
        count, first = count + 1, first + stride
    if count == 0:
        raise ValueError("no window fits")
    return count
""",
)

right(
    "numpy",
    "Compute both directions at once with numpy, and round down with floor.",
    answer="""
import numpy as np


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    given = (n, kernel_size, stride, padding, dilation)
    n, kernel_size, stride, padding, dilation = (np.broadcast_to(value, 2).astype(float) for value in given)
    if min(n.min(), kernel_size.min(), stride.min(), dilation.min()) < 1 or padding.min() < 0:
        raise ValueError("arguments out of range")
    reach = dilation * (kernel_size - 1) + 1
    size = np.floor((n + 2 * padding - reach) / stride) + 1
    if (size < 1).any():
        raise ValueError("the kernel is larger than the padded input")
    height, width = (int(value) for value in size)
    return height if all(np.ndim(value) == 0 for value in given) else (height, width)
""",
)

right(
    "named_tuple",
    "Return the pair as a named tuple.",
    answer="""
from typing import NamedTuple


class Size(NamedTuple):
    height: int
    width: int


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    given = (n, kernel_size, stride, padding, dilation)
    if not all(isinstance(value, int) for value in given):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in given]
        return Size(*(conv_output_size(*along) for along in zip(*pairs, strict=True)))
    if min(n, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("arguments out of range")
    cells = range(-padding, n + padding - dilation * (kernel_size - 1), stride)
    if not cells:
        raise ValueError("no window fits")
    return len(cells)
""",
)
