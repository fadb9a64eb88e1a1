"""Known mistakes of `dense_parameters`."""

mistake(
    "adds_the_axes",
    "You added the lengths of the axes; the number of values is their product.",
    answer='''
def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return (sum(in_shape) + 1) * units
''',
)

mistake(
    "bias_for_each_input",
    "You added one bias for each input number; it is one for each unit.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return math.prod(in_shape) * units + math.prod(in_shape)
''',
)

mistake(
    "forgets_bias",
    "You counted the weights only; each unit has one bias as well.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return math.prod(in_shape) * units
''',
)

mistake(
    "forgets_channels",
    "You counted one number for each pixel; a pixel has a number in every channel.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return (math.prod(in_shape[-2:]) + 1) * units
''',
)

mistake(
    "never_refuses",
    "You never look at the numbers, so a layer without units or a picture without pixels gets a count.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    return (math.prod(in_shape) + 1) * units
''',
)

mistake(
    "numpy_int",
    "You returned a number of numpy; int(...) makes a plain int of it.",
    answer='''
import numpy as np


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return (np.prod(in_shape) + 1) * units
''',
)

mistake(
    "one_bias",
    "You added one bias for the whole layer; each unit has its own.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return math.prod(in_shape) * units + 1
''',
)

mistake(
    "one_unit",
    "You counted the parameters of a single unit; the layer has `units` of them.",
    answer='''
import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return math.prod(in_shape) + 1
''',
)

mistake(
    "three_axes_only",
    "You assumed exactly three axes; a flat vector or a clip of pictures has fewer or more.",
    answer='''
def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    if len(in_shape) != 3:
        raise ValueError("expected (C, H, W)")
    channels, height, width = in_shape
    return (channels * height * width + 1) * units
''',
)

mistake(
    "tests_the_product",
    "You tested the product of all numbers; two negative ones have a positive product.",
    old="if not in_shape or min(*in_shape, units) < 1:",
    new="if not in_shape or units * __import__('math').prod(in_shape) < 1:",
)

mistake(
    "empty_is_one",
    "You let an empty shape count as one number; a picture has at least one axis.",
    old="    if not in_shape or min(*in_shape, units) < 1:",
    new="    if min((*in_shape, units)) < 1:",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the count of the chapter: it is for square colour pictures, and takes any number for a layer.",
    answer="""
def dense_parameters(in_shape, units):
    channels, side = in_shape[0], in_shape[1]
    return (channels * side * side + 1) * units
""",
)

equivalent("inputs *= length -> inputs = inputs * length", "An int is never changed in place.")
