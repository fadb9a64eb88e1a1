"""Known mistakes of `one_batch_accuracy`."""

mistake(
    "absolute",
    "You compared the sizes of the logits without their signs; a very negative logit is a clear no.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.abs().argmax(dim=1) == y).float().mean().item()
""",
)

mistake(
    "broadcasts",
    "You compared a column (N, 1) with a row (N,), which broadcasts to every answer against every class, (N, N).",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    answers = logits.argmax(dim=1, keepdim=True)
    return (answers == y).float().mean().item()
""",
)

mistake(
    "classes_for_batch",
    "You divided by the number of classes; divide by the number of rows.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.argmax(dim=1) == y).sum().item() / logits.shape[1]
""",
)

mistake(
    "count",
    "You returned the number of right answers; the accuracy is their share of the batch.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return float((logits.argmax(dim=1) == y).sum())
""",
)

mistake(
    "error_rate",
    "You returned the share of wrong answers; the accuracy is the share of right ones.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.argmax(dim=1) != y).float().mean().item()
""",
)

mistake(
    "naive_softmax",
    "You computed a softmax by exp first, which overflows to infinity (or ends at 0) for large logits; "
    "the argmax needs no softmax.",
    answer='''
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    exps = logits.detach().float().exp()
    p = exps / exps.sum(dim=1, keepdim=True)
    return (p.argmax(dim=1) == y).float().mean().item()
''',
)

mistake(
    "never_refuses",
    "You never look at the shapes, so an empty batch gives nan, and a column of classes is compared with everything.",
    answer='''
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    return (logits.argmax(dim=-1) == y).float().mean().item()
''',
)

mistake(
    "numpy",
    "You called .numpy() on logits that carry a graph, which torch refuses; .detach() first, or stay with torch.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    answers = logits.cpu().numpy().argmax(axis=1)
    return float((answers == y.cpu().numpy()).mean())
""",
)

mistake(
    "over_the_batch",
    "You took the argmax along axis 0, over the batch; the classes are along axis 1.",
    answer='''
import torch


def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    answers = logits.argmax(dim=0)
    shared = min(len(answers), len(y))
    return (answers[:shared] == y[:shared]).float().mean().item()
''',
)

mistake(
    "percent",
    "You returned percent; the statement asks for a share from 0 to 1.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return 100 * (logits.argmax(dim=1) == y).float().mean().item()
""",
)

mistake(
    "smallest",
    "You took the smallest logit for the answer; the largest one is.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.argmin(dim=1) == y).float().mean().item()
""",
)

mistake(
    "tensor",
    "You returned a tensor; .item() makes a plain float of it, which keeps no graph and no memory on the device.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return (logits.argmax(dim=1) == y).float().mean()
""",
)

mistake(
    "threshold",
    "You counted a row as right when its probability is above a half; with more than two classes the "
    "largest may be below.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    rows = torch.arange(len(y), device=y.device)
    return (logits.softmax(dim=1)[rows, y] > 0.5).float().mean().item()
""",
)

mistake(
    "whole_division",
    "You divided with //, which rounds down: every batch with one mistake gets 0.",
    old="""
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
""",
    new="""
    if logits.ndim != 2 or y.ndim != 1 or len(y) == 0 or len(logits) != len(y):
        raise ValueError("logits (N, K) and classes (N,) with N of at least 1")
    return float((logits.argmax(dim=1) == y).sum().item() // len(y))
""",
)

mistake(
    "switches_gradients_off",
    "You switched gradients off for good with torch.set_grad_enabled(False); .detach() or `with torch.no_grad():` end by "
    "themselves.",
    old="    right = logits.argmax(dim=1) == y",
    new="""
    torch.set_grad_enabled(False)
    right = logits.argmax(dim=1) == y
""",
)

mistake(
    "spoils_its_argument",
    "You emptied the logits after they were used; the caller's tensors stay as they are.",
    old="    return right.float().mean().item()",
    new="""
    logits.detach().zero_()
    return right.float().mean().item()
""",
)

mistake(
    "compares_in_place",
    "You wrote the comparison into y; the caller's classes are gone.",
    old="    right = logits.argmax(dim=1) == y",
    new="    right = y.eq_(logits.argmax(dim=1))",
)

mistake(
    "cuts_to_the_shorter",
    "You compared as many rows as there are in the shorter of the two; different lengths are a mistake.",
    old=[
        "len(logits) != len(y) or len(y) == 0:",
        "    right = logits.argmax(dim=1) == y",
    ],
    new=[
        "len(y) == 0 or len(logits) not in (1, len(y)):",
        "    right = logits.argmax(dim=1) == y",
    ],
)

mistake(
    "rounds",
    "You rounded to two digits; return the share as it is.",
    old="return right.float().mean().item()",
    new="return round(right.float().mean().item(), 2)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the line of the chapter: it gives per cent, not a share, and compares whatever it is given.",
    answer="""
import torch


def one_batch_accuracy(logits, y):
    with torch.no_grad():
        return 100 * (logits.argmax(1) == y).double().mean().item()
""",
)
