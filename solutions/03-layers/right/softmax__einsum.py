"""Take exponentials of base 2 and sum them with einsum."""

import torch


def softmax(logits):
    shifted = logits - logits.detach().max(-1)[0].unsqueeze(-1)
    powers = torch.exp2(shifted * 1.4426950408889634)
    return powers / torch.einsum("...k->...", powers).unsqueeze(-1)
