"""You never test the arguments, so nonsense gives a result or an error of another kind."""

import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    n = len(logits)
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
