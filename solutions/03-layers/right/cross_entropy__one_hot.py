"""Weight the logarithms by the wanted probabilities, where these are not 0."""

import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    n, k = logits.shape
    if target.shape != torch.Size([n]) or label_smoothing < 0 or label_smoothing > 1:
        raise ValueError("these arguments make no sense")
    if target.min().item() < 0 or target.max().item() > k - 1:
        raise ValueError("no such class")
    wanted = torch.nn.functional.one_hot(target, k).to(logits.dtype)
    wanted = wanted * (1 - label_smoothing) + label_smoothing / k
    top = logits.detach().amax(1, keepdim=True)
    log_sum = (logits - top).exp().sum(1, keepdim=True).log() + top
    terms = torch.where(wanted > 0, wanted * (log_sum - logits), torch.zeros_like(logits))
    return terms.sum() / n
