"""You never look at the shapes, so an empty batch gives nan, and a column of classes is compared with everything."""

import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    return (logits.argmax(dim=-1) == y).float().mean().item()
