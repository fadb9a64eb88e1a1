"""Known mistakes of `global_avg_pool2d`."""

mistake(
    "detaches",
    "You cut the graph, so the maps get no gradient.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.detach().mean(dim=(-2, -1))",
)

mistake(
    "divides_by_the_height_squared",
    "You divided by H · H.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.sum(dim=(-2, -1)) / x.shape[2] ** 2",
)

mistake(
    "float32",
    "You averaged in float32 whatever came.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.float().mean(dim=(-2, -1)).to(x.dtype)",
)

mistake(
    "in_place",
    "You divided in place, and the maps have changed.",
    old='        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")',
    new="""
        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")
    if not x.requires_grad:
        x /= x.shape[2] * x.shape[3]
        return x.sum(dim=(-2, -1))
""",
)

mistake(
    "keeps_axes",
    "You kept two axes of size 1.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.mean(dim=(-2, -1), keepdim=True)",
)

mistake(
    "max",
    "You took the maximum of each map.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.amax(dim=(-2, -1))",
)

mistake(
    "mean_of_nothing",
    "You return nan for maps without pixels.",
    old="if x.dim() != 4 or 0 in x.shape[2:]:",
    new="if x.dim() != 4:",
)

mistake(
    "never_refuses",
    "You accept tensors that have no maps.",
    old="""
    if x.dim() != 4 or 0 in x.shape[2:]:
        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")

""",
    new="",
)

mistake(
    "over_channels",
    "You averaged over the channels.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.mean(dim=(1, 3))",
)

mistake(
    "over_everything",
    "You averaged over the batch as well.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.mean(dim=(0, -2, -1)).expand(x.shape[:2])",
)

mistake(
    "ready_made",
    "You called torch's pooling; this task is to write it.",
    old="return x.mean(dim=(-2, -1))",
    new="return torch.nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)",
)

mistake(
    "sum",
    "You added up and did not divide.",
    old="return x.mean(dim=(-2, -1))",
    new="return x.sum(dim=(-2, -1))",
)

mistake(
    "spoils_its_argument",
    "You set the maps to 0 in place.",
    old="    return x.mean(dim=(-2, -1))",
    new="    x.data.zero_()\n    return x.mean(dim=(-2, -1))",
)

# Mutants that do the same

equivalent(
    "return x.mean(dim=(-2, -1)) -> return x.mean(dim=(2, -1))",
    "Of four axes, 2 and -2 are the same one.",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the mean of the chapter, which does not look at the shape of what it gets.",
    answer="""
def global_avg_pool2d(x):
    return x.mean(dim=(2, 3))
""",
)

mistake(
    "pasted_layers_from_the_chapter",
    "You pasted the last two layers of the chapter's network; here the pooling is to be written.",
    answer="""
from torch import nn


def global_avg_pool2d(x):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())(x)
""",
)
