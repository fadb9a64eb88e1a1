"""Right answers, written differently, for `softmax`."""

right(
    "einsum",
    "Take exponentials of base 2 and sum them with einsum.",
    answer="""
import torch


def softmax(logits):
    shifted = logits - logits.detach().max(-1)[0].unsqueeze(-1)
    powers = torch.exp2(shifted * 1.4426950408889634)
    return powers / torch.einsum("...k->...", powers).unsqueeze(-1)
""",
)

right(
    "sum_of_differences",
    "Each probability is 1 over the sum of all exponentials relative to its own.",
    answer="""
import torch


def softmax(logits):
    differences = logits[..., None, :] - logits[..., :, None]
    differences = differences.masked_fill(differences.isnan(), torch.inf)
    relative = differences.clamp(max=torch.finfo(logits.dtype).max ** 0.5)
    return 1 / relative.exp().sum(-1)
""",
)

right(
    "through_the_logarithm",
    "Subtract the logarithm of the sum, and take the exponential once.",
    answer="""
def softmax(logits):
    top = logits.max(-1, keepdim=True).values.detach()
    log_sum = (logits - top).exp().sum(-1, keepdim=True).log() + top
    return (logits - log_sum).exp()
""",
)
