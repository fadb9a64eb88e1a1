"""You never look at the numbers, so a layer without units or a picture without pixels gets a count."""

import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    return (math.prod(in_shape) + 1) * units
