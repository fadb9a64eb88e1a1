"""You took the smallest logit for the answer; the largest one is."""

import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.argmin(dim=1) == y).float().mean().item()
