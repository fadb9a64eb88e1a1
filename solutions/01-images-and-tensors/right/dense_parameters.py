"""Right answers, written differently, for `dense_parameters`."""

right(
    "numpy",
    "Multiply with numpy, whose int64 is wide enough, and return a plain int.",
    answer='''
import numpy as np


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    return int(np.prod(in_shape, dtype=np.int64)) * units + units
''',
)

right(
    "real_layer",
    'Make the layer without memory (device "meta") and count.',
    answer='''
import torch


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    inputs = torch.empty(in_shape, device="meta").numel()
    return sum(p.numel() for p in torch.nn.Linear(inputs, units, device="meta").parameters())
''',
)

right(
    "reduce",
    "Fold the axes into one number, then add the bias of each unit.",
    answer='''
import functools
import operator


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    weights = functools.reduce(operator.mul, in_shape, units)
    return weights + units
''',
)

right(
    "early_errors",
    "Refuse each number on its own, then multiply with math.prod.",
    answer="""
import math


def dense_parameters(in_shape, units):
    if in_shape == () or units <= 0:
        raise ValueError("nothing to count")
    for n in in_shape:
        if n <= 0:
            raise ValueError("an axis is empty")
    return sum([math.prod(in_shape), 1]) * units
""",
)
