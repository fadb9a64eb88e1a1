"""You called torch’s own softmax; this task is to write it."""

import torch


def softmax(logits):
    return torch.softmax(logits, -1)
