"""You subtract the mean of the row, and then the largest logit may still be far above 0."""


def softmax(logits):
    exponentials = (logits - logits.mean(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
