"""Right answers, written differently, for `receptive_field`."""

right(
    "backwards",
    "Follow one output, and its neighbour, back from the last layer to the input.",
    answer="""
def receptive_field(layers):
    for kernel_size, stride, padding, *dilation in layers:
        if kernel_size < 1 or stride < 1 or padding < 0 or min(dilation, default=1) < 1:
            raise ValueError("a layer makes no sense")

    def field(output):
        first = last = output
        for kernel_size, stride, padding, *dilation in reversed(layers):
            first = first * stride - padding
            last = last * stride - padding + (kernel_size - 1) * (dilation[0] if dilation else 1)
        return first, last

    (first, last), (following, _) = field(0), field(1)
    return last - first + 1, following - first, (first + last) / 2
""",
)

right(
    "recursive",
    "Take the last layer off, and ask for the field of the rest.",
    answer="""
def receptive_field(layers):
    if not layers:
        return 1, 1, 0.0
    *below, (kernel_size, stride, padding, *rest) = layers
    dilation = rest[0] if rest else 1
    if kernel_size < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("out of range")
    size, jump, start = receptive_field(below)
    reach = (kernel_size - 1) * dilation
    return size + reach * jump, jump * stride, start + jump * (0.5 * reach - padding)
""",
)

right(
    "named_tuple",
    "Return a named tuple.",
    answer="""
from typing import NamedTuple


class Field(NamedTuple):
    size: int = 1
    jump: int = 1
    start: float = 0.0


def receptive_field(layers):
    field = Field()
    for layer in layers:
        kernel_size, stride, padding, dilation = (*layer, 1)[:4]
        if kernel_size < 1 or stride < 1 or dilation < 1 or padding < 0:
            raise ValueError("a layer makes no sense")
        reach = dilation * (kernel_size - 1)
        start = field.start + (reach / 2 - padding) * field.jump
        field = Field(field.size + reach * field.jump, field.jump * stride, start)
    return field
""",
)

right(
    "an_int_for_a_start",
    "Keep twice the start as an int, and return an int where it is whole.",
    answer="""
def receptive_field(layers):
    size, jump, double = 1, 1, 0
    for kernel_size, stride, padding, *rest in layers:
        (dilation,) = rest or [1]
        if any(number < 1 for number in (kernel_size, stride, dilation)) or padding < 0:
            raise ValueError("a layer makes no sense")
        reach = dilation * (kernel_size - 1)
        size, double, jump = size + reach * jump, double + (reach - 2 * padding) * jump, jump * stride
    return size, jump, double / 2 if double % 2 else double // 2
""",
)
