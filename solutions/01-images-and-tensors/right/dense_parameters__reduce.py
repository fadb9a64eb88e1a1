"""Fold the axes into one number, then add the bias of each unit."""

import functools
import operator


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    weights = functools.reduce(operator.mul, in_shape, units)
    return weights + units
