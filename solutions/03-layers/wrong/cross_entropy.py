"""Known mistakes of `cross_entropy`."""

mistake(
    "base_two",
    "You use the logarithm of base 2; the loss is measured with the natural one.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    log_p = log_p * 1.4426950408889634
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "constant_sum",
    "You detach the sum of the exponentials, but it depends on the logits, too, and its gradient counts.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values.detach()
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log().detach()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "counts_from_the_end",
    "You let a target of −1 mean the last class, as an index does.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "float32",
    "You made the result in float32, so float64 loses its precision.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    logits = logits.float()
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "ignores_smoothing",
    "You accept label_smoothing and never use it.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    return -right.mean()
""",
    ],
)

mistake(
    "in_place",
    "You subtract in place (-= changes the caller’s logits).",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits.sub_(logits.max(1, keepdim=True).values)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "item",
    "You return a plain number of Python, through which no gradient can flow.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return torch.tensor(-right.mean().item(), dtype=logits.dtype, device=logits.device)
    loss = -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
    return torch.tensor(loss.item(), dtype=logits.dtype, device=logits.device)
""",
    ],
)

mistake(
    "keeps_full_weight",
    "You leave the whole weight on the right class and add the smoothing on top.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -(right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "log_of_softmax",
    "You take the logarithm after the softmax, and a probability that has become 0 gives infinity.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = (shifted.exp() / shifted.exp().sum(1, keepdim=True)).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "log_with_epsilon",
    "You add a small number inside the logarithm, and that caps the loss.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = (shifted.exp() / shifted.exp().sum(1, keepdim=True) + 1e-12).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "logits_as_probabilities",
    "You treat the logits as if they were logarithms of probabilities already; the softmax is missing.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    log_p = logits
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "mean_over_everything",
    "You divide by N · K in place of N.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean() / k
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean() / k
""",
    ],
)

mistake(
    "never_refuses",
    "You never test the arguments, so nonsense gives a result or an error of another kind.",
    answer="""
import torch


def cross_entropy(logits, target, label_smoothing=0.0):
    n = len(logits)
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
)

mistake(
    "no_minus",
    "You forget the minus sign, so the loss falls when the network gets worse.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return right.mean()
    return ((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "no_shift",
    "You do not subtract the largest logit, so the exponentials overflow.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "one_hot_times_infinity",
    "You multiply all logarithms by a one-hot row, and 0 times minus infinity is nan.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = (torch.nn.functional.one_hot(target, k) * log_p).sum(1)
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "ready_made",
    "You called torch’s own loss; this task is to write it.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    return torch.nn.functional.cross_entropy(logits, target, label_smoothing=float(label_smoothing))
""",
    ],
)

mistake(
    "ready_made_softmax",
    "You called torch’s log_softmax; this task is to write it.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    log_p = logits.log_softmax(1)
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "smooths_the_others_only",
    "You share ε out over the K − 1 wrong classes, but it goes over all K classes, the right one included.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * (log_p.sum(1) - right) / max(k - 1, 1)).mean()
""",
    ],
)

mistake(
    "softmax_over_batch",
    "You normalise over the batch in place of the classes.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(0, keepdim=True).values
    log_p = shifted - shifted.exp().sum(0, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.mean()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).mean()
""",
    ],
)

mistake(
    "squared_error",
    "You return the squared distance from the wanted probabilities, not the cross-entropy.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    wanted = torch.nn.functional.one_hot(target, k) * (1 - label_smoothing) + label_smoothing / k
    return (log_p.exp() - wanted).square().sum(1).mean()
""",
    ],
)

mistake(
    "sum",
    "You add up the losses of the batch in place of taking their mean.",
    old=[
        "if target.shape != (n,):",
        """
    if target.min() < 0 or target.max() >= k:
        raise ValueError(f"targets lie between 0 and {k - 1}")
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, target[:, None]).mean()
    if label_smoothing:
        loss = (1 - label_smoothing) * loss - label_smoothing * log_p.mean()
    return loss
""",
    ],
    new=[
        "if target.ndim != 1 or len(target) != n:",
        """
    if bool((target < 0).any()) or bool((target >= k).any()):
        raise ValueError("no such class")
    shifted = logits - logits.max(1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    right = log_p[torch.arange(n, device=logits.device), target]
    if label_smoothing == 0:
        return -right.sum()
    return -((1 - label_smoothing) * right + label_smoothing * log_p.mean(1)).sum()
""",
    ],
)

mistake(
    "float32_or_float64",
    "You turn every dtype but float64 into float32.",
    old="    n, k = logits.shape",
    new="    n, k = logits.shape\n    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the loss of the chapter, which knows no label smoothing and no wrong labels, and took it row by row.",
    answer="""
def loss_of_one(z, target):
    m = z.max()
    return m + (z - m).exp().sum().log() - z[target]


def cross_entropy(logits, target, label_smoothing=0.0):
    return sum(loss_of_one(z, t) for z, t in zip(logits, target)) / len(target)
""",
)
