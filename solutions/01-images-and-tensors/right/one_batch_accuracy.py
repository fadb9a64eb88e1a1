"""Right answers, written differently, for `one_batch_accuracy`."""

right(
    "loop",
    "Go through the rows in plain Python.",
    answer='''
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    hits = 0
    for row, label in zip(logits.tolist(), y.tolist(), strict=True):
        hits += row.index(max(row)) == label
    return hits / len(y)
''',
)

right(
    "numpy",
    "Leave the graph first, then count with numpy.",
    answer='''
import numpy as np
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    answers = logits.detach().cpu().numpy().argmax(axis=1)
    return float(np.mean(answers == y.cpu().numpy()))
''',
)

right(
    "rank",
    "A row is right when no logit is above that of its class.",
    answer='''
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    own = logits.gather(1, y[:, None])
    above = (logits > own).sum(dim=1)
    return above.eq(0).double().mean().item()
''',
)

right(
    "topk",
    "Take the first of the largest logits with topk.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    _, best = logits.topk(1, dim=1)
    return int((best.squeeze(1) == y).sum()) / y.numel()
""",
)

right(
    "no_grad",
    "Decorate with torch.no_grad(), and make a float of a tensor.",
    answer="""
import torch


@torch.no_grad()
def one_batch_accuracy(logits, y):
    if y.dim() != 1 or logits.dim() != 2:
        raise ValueError("two axes and one")
    if logits.size(0) != y.size(0) or y.numel() == 0:
        raise ValueError("as many logits as classes, and at least one")
    predictions = torch.max(logits, dim=1).indices
    return float(torch.sum(predictions == y) / len(y))
""",
)
