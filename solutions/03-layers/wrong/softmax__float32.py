"""You compute in float32, so float64 loses its precision."""


def softmax(logits):
    exponentials = (logits - logits.amax(-1, keepdim=True)).float().exp()
    return (exponentials / exponentials.sum(-1, keepdim=True)).to(logits.dtype)
