"""You subtract in place (-= changes the caller’s logits)."""


def softmax(logits):
    logits -= logits.amax(-1, keepdim=True)
    exponentials = logits.exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
