"""Subtract the logarithm of the sum, and take the exponential once."""


def softmax(logits):
    top = logits.max(-1, keepdim=True).values.detach()
    log_sum = (logits - top).exp().sum(-1, keepdim=True).log() + top
    return (logits - log_sum).exp()
