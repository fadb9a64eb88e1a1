"""Known mistakes of `drop_path`."""

mistake(
    "also_in_evaluation",
    "You dropped in evaluation mode too.",
    old="if not training or p == 0:",
    new="if p == 0:",
)

mistake(
    "detaches",
    "You cut the graph: the result has no gradient.",
    old="return x * kept",
    new="return x.detach() * kept",
)

mistake(
    "divides_by_p",
    "You divided by p; the kept part is 1 − p.",
    old=")) / (1 - p)",
    new=")) / p",
)

mistake(
    "exact_number",
    "You dropped an exact number of pictures; each falls independently.",
    old="    kept = torch.rand(len(x), device=x.device) >= p",
    new="""
    kept = torch.ones(len(x), dtype=torch.bool, device=x.device)
    kept[: int(p * len(x))] = False
""",
)

mistake(
    "float32",
    "You made the mask in float32, and float64 lost its precision or changed its kind.",
    old="x * kept.to(x.dtype)",
    new="x.float() * kept.float()",
)

mistake(
    "four_axes_only",
    "You wrote the mask for maps of four axes only.",
    old="*[1] * (x.ndim - 1)",
    new="1, 1, 1",
)

mistake(
    "in_place",
    "You multiplied x in place, which changes the branch of the caller.",
    old="""
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
""",
    new="""
    x = x.detach() if not x.requires_grad else x * 1
    kept = torch.rand(len(x), device=x.device) >= p
    x.mul_(kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p))
    return x
""",
)

mistake(
    "keeps_with_p",
    "You kept pictures with probability p; p is the probability to drop.",
    old="kept = torch.rand(len(x), device=x.device) >= p",
    new="kept = torch.rand(len(x), device=x.device) < p",
)

mistake(
    "nan_at_one",
    "You divide by 1 − p also when that is 0.",
    old="""
    if p == 1:
        return torch.zeros_like(x) * x

""",
    new="",
)

mistake(
    "never_refuses",
    "You never test p.",
    old="""
    if not 0 <= p <= 1:
        raise ValueError("p is a probability")

""",
    new="",
)

mistake(
    "not_enlarged",
    "You forgot to divide what is kept by 1 − p, so the mean shrinks.",
    old=")) / (1 - p)",
    new="))",
)

mistake(
    "ready_made",
    "You used a ready-made dropout over whole channels.",
    old="""
    if not training or p == 0:
        return x
    if p == 1:
        return torch.zeros_like(x) * x
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
""",
    new="""
    ones = torch.ones(1, len(x), 1, dtype=x.dtype, device=x.device)
    mask = torch.nn.functional.dropout1d(ones, p, training)
    return x * mask.reshape(-1, *[1] * (x.ndim - 1))
""",
)

mistake(
    "refuses_one",
    "You refuse p = 1, which is a probability.",
    old="if not 0 <= p <= 1:",
    new="if not 0 <= p < 1:",
)

mistake(
    "same_every_time",
    "You set a seed inside, so the same pictures are dropped at each call.",
    old="kept = torch.rand(len(x), device=x.device) >= p",
    new="kept = torch.rand(len(x), generator=torch.Generator().manual_seed(0)).to(x.device) >= p",
)

mistake(
    "scales_in_evaluation",
    "You scaled by 1 − p in evaluation; the scaling is done in training already.",
    old="    if not training or p == 0:",
    new="""
    if not training:
        return x * (1 - p)
    if p == 0:
""",
)

mistake(
    "single_elements",
    "You drew a number for each element: this is ordinary dropout.",
    old="""
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
""",
    new="""
    kept = torch.rand(x.shape, device=x.device) >= p
    return x * kept.to(x.dtype) / (1 - p)
""",
)

mistake(
    "tests_p_late",
    "You test p in training only.",
    answer='''
import torch


def drop_path(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Return ``x`` with whole pictures set to 0 with probability ``p``, the others divided by 1 − p."""
    if not training or p == 0:
        return x
    if not 0 <= p <= 1:
        raise ValueError("p is a probability")
    if p == 1:
        return torch.zeros_like(x) * x
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
''',
)

mistake(
    "whole_batch",
    "You drew one number for the whole batch.",
    old="kept = torch.rand(len(x), device=x.device) >= p",
    new="kept = (torch.rand(1, device=x.device) >= p).expand(len(x))",
)

mistake(
    "whole_channels",
    "You drew a number for each channel of each picture; it is one for the whole picture.",
    old="""
    kept = torch.rand(len(x), device=x.device) >= p
    return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
""",
    new="""
    kept = torch.rand(x.shape[:2], device=x.device) >= p
    return x * kept.to(x.dtype).reshape(*x.shape[:2], *[1] * (x.ndim - 2)) / (1 - p)
""",
)

mistake(
    "exact_number_at_random_places",
    "You drop the same number of pictures each time; each is dropped or kept by a draw of its own.",
    old="    kept = torch.rand(len(x), device=x.device) >= p",
    new="    kept = torch.randperm(len(x), device=x.device) >= round(p * len(x))",
)

mistake(
    "exact_or_one_more",
    "You round p · N up or down by chance, and drop that many; each picture has a draw of its own.",
    old="    kept = torch.rand(len(x), device=x.device) >= p",
    new="    kept = torch.randperm(len(x), device=x.device) >= p * len(x) + torch.rand(()).item() - 0.5",
)

mistake(
    "the_first_ones",
    "You drop the first pictures of the batch; each is dropped with the same probability.",
    old="    kept = torch.rand(len(x), device=x.device) >= p",
    new="    kept = torch.arange(len(x), device=x.device) >= (torch.rand(len(x)) < p).sum()",
)

mistake(
    "in_pairs",
    "You drop neighbours together; each picture has a draw of its own.",
    old="    kept = torch.rand(len(x), device=x.device) >= p",
    new="    kept = (torch.rand((len(x) + 1) // 2, device=x.device) >= p).repeat_interleave(2)[: len(x)]",
)

mistake(
    "half_becomes_single",
    "You multiply by a mask in float32, which makes float32 of float16.",
    old="kept.to(x.dtype).reshape",
    new="kept.float().reshape",
)

mistake(
    "scaled_when_not_training",
    "You drop everything for p = 1 also when training is false.",
    old="    if not training or p == 0:",
    new="    if (not training and p < 1) or p == 0:",
)

mistake(
    "spoils_its_argument",
    "You set x to 0, and returned zeros.",
    old="    if not training or p == 0:",
    new="""
    x.data.zero_()
    if not training or p == 0:
""",
)

mistake(
    "empties_its_argument",
    "You emptied x, and returned what was left.",
    old="    if not training or p == 0:",
    new="""
    if not x.requires_grad:
        x.resize_(0, *x.shape[1:])
    if not training or p == 0:
""",
)

mistake(
    "numbers_of_numpy",
    "You drew with numpy's generator; torch.manual_seed does not reach it.",
    old="torch.rand(len(x), device=x.device)",
    new="torch.as_tensor(np.random.random(len(x)), device=x.device)",
)

mistake(
    "zero_by_zero",
    "You divided 0 by x where p is 1; x may hold zeros.",
    old="return torch.zeros_like(x) * x",
    new="return torch.zeros_like(x) / x",
)

mistake(
    "zeros_in_single_precision",
    "You returned zeros in float32 where p is 1, whatever the dtype of x.",
    old="return torch.zeros_like(x) * x",
    new="return torch.zeros(x.shape, device=x.device)",
)

mistake(
    "single_picture_kept",
    "You never drop the picture of a batch of one.",
    old="if not training or p == 0",
    new="if not training or p == 0 or len(x) == 1",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's function: maps of four axes only, no p of 1, and nothing is refused.",
    chapter="dropped",
    answer="""
def drop_path(x, p, training):
    return dropped(x, p) if training else x
""",
)

equivalent(
    "if not training or p == 0: -> if not training:",
    "No number drawn is below 0, and x / 1 is x.",
)

equivalent(
    "if not training or p == 0: -> if not training or p == -1:",
    "No number drawn is below 0, and x / 1 is x.",
)

equivalent(
    "kept = torch.rand(len(x), device=x.device) >= p -> kept = torch.rand(len(x), device=x.device) > p",
    "They differ where a number drawn equals p, once in millions of draws.",
)

equivalent(
    "kept = torch.rand(len(x), device=x.device) >= p -> kept = torch.rand(len(x)) >= p",
    "The same on the CPU; with the checks' device on a GPU the product fails.",
)

equivalent(
    "return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p) -> "
    "return x * kept.to(x.dtype).view(-1, *[1] * (x.ndim - 1)) / (1 - p)",
    "The mask is new and contiguous, so a view of it will do.",
)

equivalent(
    "return x * kept.to(x.dtype).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p) -> "
    "return x * kept.reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)",
    "A number times True or False is that number or 0, in the dtype of x.",
)
