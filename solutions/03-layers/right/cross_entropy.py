"""Right answers, written differently, for `cross_entropy`."""

right(
    "loop",
    "Go through the batch picture by picture.",
    answer="""
import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError("label_smoothing is a share")
    if target.ndim != 1 or target.shape[0] != logits.shape[0]:
        raise ValueError("one target for each row")
    total = 0
    for row, right in zip(logits, target.tolist(), strict=True):
        if not 0 <= right < len(row):
            raise ValueError("no such class")
        relative = row - row.max()
        log_sum = torch.log(torch.sum(torch.exp(relative)))
        loss = log_sum - relative[right]
        if label_smoothing > 0:
            loss = (1 - label_smoothing) * loss + label_smoothing * (log_sum - relative.mean())
        total = total + loss
    return total / len(logits)
""",
)

right(
    "one_hot",
    "Weight the logarithms by the wanted probabilities, where these are not 0.",
    answer="""
import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    n, k = logits.shape
    if target.shape != torch.Size([n]) or label_smoothing < 0 or label_smoothing > 1:
        raise ValueError("these arguments make no sense")
    if target.min().item() < 0 or target.max().item() > k - 1:
        raise ValueError("no such class")
    wanted = torch.nn.functional.one_hot(target, k).to(logits.dtype)
    wanted = wanted * (1 - label_smoothing) + label_smoothing / k
    top = logits.detach().amax(1, keepdim=True)
    log_sum = (logits - top).exp().sum(1, keepdim=True).log() + top
    terms = torch.where(wanted > 0, wanted * (log_sum - logits), torch.zeros_like(logits))
    return terms.sum() / n
""",
)
