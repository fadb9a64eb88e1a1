"""Make the layer without memory (device "meta") and count."""

import torch


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    inputs = torch.empty(in_shape, device="meta").numel()
    return sum(p.numel() for p in torch.nn.Linear(inputs, units, device="meta").parameters())
