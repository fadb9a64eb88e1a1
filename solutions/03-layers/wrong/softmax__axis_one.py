"""You sum over axis 1, which is the last one for two axes only."""


def softmax(logits):
    axis = min(1, logits.ndim - 1)
    exponentials = (logits - logits.amax(axis, keepdim=True)).exp()
    return exponentials / exponentials.sum(axis, keepdim=True)
