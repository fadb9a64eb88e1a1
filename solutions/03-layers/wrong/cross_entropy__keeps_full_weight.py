"""You leave the whole weight on the right class and add the smoothing on top."""

import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    n, k = logits.shape
    if target.ndim != 1 or len(target) != n:
        raise ValueError("one target for each row")
    if not 0 <= label_smoothing <= 1:
        raise ValueError("label_smoothing is a share")
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -(right + label_smoothing * log_p.mean(1)).mean()
