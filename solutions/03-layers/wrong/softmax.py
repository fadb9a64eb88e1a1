"""Known mistakes of `softmax`."""

mistake(
    "adds_epsilon",
    "You add a small number to the sum below the line, and the probabilities no longer sum to 1.",
    old="return exponentials / exponentials.sum(-1, keepdim=True)",
    new="return exponentials / (exponentials.sum(-1, keepdim=True) + 1e-3)",
)

mistake(
    "axis_one",
    "You sum over axis 1, which is the last one for two axes only.",
    answer="""
def softmax(logits):
    axis = min(1, logits.ndim - 1)
    exponentials = (logits - logits.amax(axis, keepdim=True)).exp()
    return exponentials / exponentials.sum(axis, keepdim=True)
""",
)

mistake(
    "clamps",
    "You cut the logits off to keep the exponentials finite, and large logits become equal.",
    old="(logits - logits.amax(-1, keepdim=True)",
    new="logits.clamp(-80, 80",
)

mistake(
    "constant_sum",
    "You detach the sum below the line, but it depends on the logits, too, and its gradient counts.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="""
    exponentials = (logits - logits.amax(-1, keepdim=True).detach()).exp()
    return exponentials / exponentials.sum(-1, keepdim=True).detach()
""",
)

mistake(
    "first_axis",
    "You sum over the first axis, the batch, in place of the last, the classes.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="""
    exponentials = (logits - logits.amax(0, keepdim=True)).exp()
    return exponentials / exponentials.sum(0, keepdim=True)
""",
)

mistake(
    "float32",
    "You compute in float32, so float64 loses its precision.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).float().exp()
    return (exponentials / exponentials.sum(-1, keepdim=True)).to(logits.dtype)
""",
)

mistake(
    "in_place",
    "You subtract in place (-= changes the caller’s logits).",
    old="    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()",
    new="""
    logits -= logits.amax(-1, keepdim=True)
    exponentials = logits.exp()
""",
)

mistake(
    "no_exponential",
    "You divide the logits themselves by their sum, without exponentials.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="    return logits / logits.sum(-1, keepdim=True)",
)

mistake(
    "one_shift_for_all",
    "You subtract the largest logit of the whole tensor; a row far below it becomes 0 divided by 0.",
    old="amax(-1, keepdim=True",
    new="max(",
)

mistake(
    "ready_made",
    "You called torch’s own softmax; this task is to write it.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="    return torch.softmax(logits, -1)",
)

mistake(
    "ready_made_logarithm",
    "You called torch’s log_softmax; this task is to write it.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="    return torch.nn.functional.log_softmax(logits, dim=-1).exp()",
)

mistake(
    "shifts_by_the_mean",
    "You subtract the mean of the row, and then the largest logit may still be far above 0.",
    old="logits.amax(-",
    new="logits.mean(-",
)

mistake(
    "sigmoid",
    "You take the sigmoid of each logit, so the probabilities of a row do not sum to 1.",
    old="""
    exponentials = (logits - logits.amax(-1, keepdim=True)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)
""",
    new="    return torch.sigmoid(logits)",
)

mistake(
    "sum_of_all",
    "You divide by the sum of all exponentials, so only the whole tensor sums to 1.",
    old="return exponentials / exponentials.sum(-1, keepdim=True)",
    new="return exponentials / exponentials.sum()",
)

mistake(
    "unstable",
    "You take the exponentials as they are, and they overflow: first subtract the largest logit of each row.",
    old="(logits - logits.amax(-1, keepdim=True))",
    new="logits",
)

mistake(
    "float32_or_float64",
    "You turn every dtype but float64 into float32.",
    old="return exponentials / exponentials.sum(-1, keepdim=True)",
    new="return exponentials / exponentials.sum(-1, keepdim=True, dtype=torch.promote_types(logits.dtype, torch.float32))",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the softmax of the chapter, which is that of a single row.",
    answer="""
def softmax(logits):
    z = logits
    e = (z - z.max()).exp()
    return e / e.sum()
""",
)

equivalent(
    "exponentials = (logits - logits.amax(-1, keepdim=True)).exp() -> "
    "exponentials = (logits - logits.amax(-1, keepdim=True)).exp_()",
    "The difference is a new tensor that nothing else uses.",
)
