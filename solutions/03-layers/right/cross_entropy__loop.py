"""Go through the batch picture by picture."""

import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError("label_smoothing is a share")
    if target.ndim != 1 or target.shape[0] != logits.shape[0]:
        raise ValueError("one target for each row")
    total = 0
    for row, right in zip(logits, target.tolist(), strict=True):
        if not 0 <= right < len(row):
            raise ValueError("no such class")
        relative = row - row.max()
        log_sum = torch.log(torch.sum(torch.exp(relative)))
        loss = log_sum - relative[right]
        if label_smoothing > 0:
            loss = (1 - label_smoothing) * loss + label_smoothing * (log_sum - relative.mean())
        total = total + loss
    return total / len(logits)
