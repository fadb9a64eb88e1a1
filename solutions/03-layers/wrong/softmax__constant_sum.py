"""You detach the sum below the line, but it depends on the logits, too, and its gradient counts."""


def softmax(logits):
    exponentials = (logits - logits.amax(-1, keepdim=True).detach()).exp()
    return exponentials / exponentials.sum(-1, keepdim=True).detach()
