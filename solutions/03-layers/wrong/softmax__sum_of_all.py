"""You divide by the sum of all exponentials, so only the whole tensor sums to 1."""


def softmax(logits):
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum()
