"""Known mistakes of `local_response_norm`."""

mistake(
    "absolute_values",
    "You added up absolute values; the formula has squares.",
    old="(x.square(),",
    new="(x.abs(),",
)

mistake(
    "accepts_even_sizes",
    "You accept even sizes, which have no middle.",
    old="if size < 1 or size % 2 == 0:",
    new="if size < 1:",
)

mistake(
    "beta_on_the_sum_only",
    "You took the power of the sum alone; k belongs under the power too.",
    old="return x * (k + alpha * around.sum(-1)) ** -beta",
    new="return x * 1 / (k + (alpha * around.sum(-1)) ** beta)",
)

mistake(
    "channels_before_only",
    "You looked at the channels before only; the window has the channel in its middle.",
    old="// 2, size // 2",
    new="- 1, 0",
)

mistake(
    "constants_of_torch",
    "You took k = 1, as torch does where nothing is said; the paper has k = 2.",
    old=": float = 2.0",
    new=": float = 1.0",
)

mistake(
    "detaches_the_denominator",
    "You detached the denominator; it depends on x too.",
    old="return x * (k + alpha * around.sum(-1)) ** -beta",
    new="return x * (k + alpha * around.sum(-1).detach()) ** -beta",
)

mistake(
    "divides_alpha",
    "You averaged over the window, as torch does; the paper adds up.",
    old="return x * (k + alpha * around.sum(-1)) ** -beta",
    new="return x * (k + alpha * around.mean(-1)) ** -beta",
)

mistake(
    "float32",
    "You computed in float32, so float64 loses its precision.",
    old="""
    around = torch.nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    return x * (k + alpha * around.sum(-1)) ** -beta
""",
    new="""
    around = torch.nn.functional.pad(x.float().square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    return x * ((k + alpha * around.sum(-1)) ** -beta).to(x.dtype)
""",
)

mistake(
    "in_place",
    "You divided x in place and so changed the input.",
    answer='''
import torch


def local_response_norm(
    x: torch.Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W), each value divided by a power of the squares of ``size`` channels around it."""
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and positive, not {size}")
    around = torch.nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    scale = (k + alpha * around.sum(-1)) ** -beta
    if x.requires_grad:
        return x * scale
    x *= scale
    return x
''',
)

mistake(
    "multiplies",
    "You multiplied by the power of the sum; it divides.",
    old="return x * (k + alpha * around.sum(-1)) ** -beta",
    new="return x * (k + alpha * around.sum(-1)) ** beta",
)

mistake(
    "neighbours_in_space",
    "You added up neighbouring pixels of the same channel; the neighbours are channels.",
    old="0, 0, 0, 0, size // 2, size // 2)).unfold(1",
    new="size // 2, size // 2)).unfold(3",
)

mistake(
    "ready_made",
    "You called torch's own; this task is to write it.",
    old="""
    around = torch.nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1)
    return x * (k + alpha * around.sum(-1)) ** -beta
""",
    new="    return torch.nn.functional.local_response_norm(x, size, alpha * size, beta, k)",
)

mistake(
    "refuses_one",
    "You refuse a size of 1; it is odd, and means that a channel stands alone.",
    old="if size < 1 or size % 2 == 0:",
    new="if size <= 1 or size % 2 == 0:",
)

mistake(
    "size_to_each_side",
    "You took size channels to each side; it is (size − 1)/2 to each side.",
    old="size // 2, size // 2)).unfold(1, size,",
    new="size, size)).unfold(1, 2 * size + 1,",
)

mistake(
    "without_itself",
    "You left the channel itself out of the sum.",
    old="return x * (k + alpha * around.sum(-1)) ** -beta",
    new="return x * (k + alpha * (around.sum(-1) - x.square())) ** -beta",
)

mistake(
    "wraps_around",
    "Your window goes around: the first channel takes the last one for its neighbour.",
    old=".nn.functional.pad(x.square(), (0, 0, 0, 0, size // 2, size // 2)).unfold(1, size, 1",
    new=".stack([x.square().roll(step, 1) for step in range(-(size // 2), size // 2 + 1)], -1",
)

mistake(
    "spoils_its_argument",
    "You set the maps to 0 in place.",
    old="    around = ",
    new="    x.data.zero_()\n    around = ",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's function for the channels of one pixel; a batch has its pictures in front.",
    answer="""
import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    result = []
    for i in range(len(x)):
        neighbours = x[max(i - size // 2, 0) : i + size // 2 + 1]
        result.append(x[i] / (k + alpha * (neighbours**2).sum()) ** beta)
    return torch.stack(result)
""",
)

# Mutants that do the same

equivalent(
    "if size < 1 or size % 2 == 0: -> if size < 0 or size % 2 == 0:",
    "A size of 0 is even, and so refused by the other condition.",
)
