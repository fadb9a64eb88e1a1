"""Each probability is 1 over the sum of all exponentials relative to its own."""

import torch


def softmax(logits):
    differences = logits[..., None, :] - logits[..., :, None]
    differences = differences.masked_fill(differences.isnan(), torch.inf)
    relative = differences.clamp(max=torch.finfo(logits.dtype).max ** 0.5)
    return 1 / relative.exp().sum(-1)
