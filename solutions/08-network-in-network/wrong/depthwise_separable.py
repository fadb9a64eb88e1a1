"""Known mistakes of `depthwise_separable`."""

mistake(
    "biases",
    "You gave the layers biases.",
    old="""
    looks = torch.nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)
    mixes = torch.nn.Conv2d(c_in, c_out, 1, bias=False)
""",
    new="""
    looks = torch.nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in)
    mixes = torch.nn.Conv2d(c_in, c_out, 1)
""",
)

mistake(
    "inverted_share",
    "You divided the wrong way round.",
    old="k * k + c_in * c_out) / (c_in * c_out * k * k",
    new="c_out * k * k) / (c_in * k * k + c_in * c_out",
)

mistake(
    "made_once",
    "You made the layers once, outside of the function, and all modules share them.",
    answer="""
import torch

MADE = {}


def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    if (c_in, c_out, k) not in MADE:
        looks = torch.nn.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)
        MADE[c_in, c_out, k] = torch.nn.Sequential(looks, torch.nn.Conv2d(c_in, c_out, 1, bias=False))
    return MADE[c_in, c_out, k], 1 / c_out + 1 / k**2
""",
)

mistake(
    "mixes_first",
    "You mixed first and looked then.",
    old=[
        "c_in, c_in, k, padding=k // 2, groups=c_in",
        "return torch.nn.Sequential(looks, mixes), share",
    ],
    new=[
        "c_out, c_out, k, padding=k // 2, groups=c_out",
        "return torch.nn.Sequential(mixes, looks), share",
    ],
)

mistake(
    "never_refuses",
    "You accept even kernels, whose output has another size.",
    old="""
    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")

""",
    new="",
)

mistake(
    "no_padding",
    "You forgot the padding.",
    old=", padding=k // 2, groups=",
    new=", groups=",
)

mistake(
    "not_depthwise",
    "You forgot groups, so the first layer mixes channels as well.",
    old=", groups=c_in, bias=",
    new=", bias=",
)

mistake(
    "ready_made",
    "You took the layers of torchvision's MobileNet apart; this task is to write them.",
    answer="""
import torch


def depthwise_separable(c_in: int, c_out: int, k: int) -> tuple[torch.nn.Module, float]:
    from torchvision.ops import Conv2dNormActivation as Part

    if min(c_in, c_out, k) < 1 or k % 2 == 0:
        raise ValueError("expected channels of at least 1 and an odd kernel")
    settings = {"norm_layer": None, "activation_layer": None, "bias": False}
    net = torch.nn.Sequential(Part(c_in, c_in, k, groups=c_in, **settings), Part(c_in, c_out, 1, **settings))
    return net, 1 / c_out + 1 / k**2
""",
)

mistake(
    "relu_between",
    "You put a ReLU between the two.",
    old="return torch.nn.Sequential(looks, mixes), share",
    new="return torch.nn.Sequential(looks, torch.nn.ReLU(), mixes), share",
)

mistake(
    "replicates_the_edge",
    "You repeated the edge where the padding is zeros.",
    old="2, groups=c_in",
    new='2, padding_mode="replicate", groups=c_in',
)

mistake(
    "rounded",
    "You rounded the share.",
    old="return torch.nn.Sequential(looks, mixes), share",
    new="return torch.nn.Sequential(looks, mixes), round(share, 3)",
)

mistake(
    "saved_part",
    "You returned what is saved, not what is left.",
    old="share = (c_in *",
    new="share = 1 - (c_in *",
)

mistake(
    "share_of_c_in",
    "You took 1/c_in where it is 1/c_out.",
    old="(c_in * k * k + c_in * c_out) / (c_in * c_out * k * k)",
    new="1 / c_in + 1 / k**2",
)

mistake(
    "share_only_first",
    "You counted the depthwise half only.",
    old="k + c_in * c_out)",
    new="k)",
)

mistake(
    "share_with_k",
    "You took 1/k where a filter in two dimensions has k · k cells.",
    old="(c_in * k * k + c_in * c_out) / (c_in * c_out * k * k)",
    new="1 / c_out + 1 / k",
)

mistake(
    "cached",
    "You cached the module, so a second call returns the first one.",
    old="    return torch.nn.Sequential(looks, mixes), share",
    new="""
    store = depthwise_separable.__dict__.setdefault("made", {})
    return store.setdefault((c_in, c_out, k), torch.nn.Sequential(looks, mixes)), share
""",
)

mistake(
    "frozen",
    "You froze the depthwise half.",
    old="    return torch.nn.Sequential(looks, mixes), share",
    new="    return torch.nn.Sequential(looks.requires_grad_(False), mixes), share",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the block of the chapter, which normalises and has a ReLU after each half; here nothing stands "
    "between, and nothing is refused.",
    answer="""
from torch import nn


def depthwise_separable(c_in, c_out, k):
    net = nn.Sequential(
        nn.Conv2d(c_in, c_in, k, 1, padding=k // 2, groups=c_in, bias=False),
        nn.BatchNorm2d(c_in), nn.ReLU(),
        nn.Conv2d(c_in, c_out, kernel_size=1, bias=False),
        nn.BatchNorm2d(c_out), nn.ReLU())
    return net, 1 / c_out + 1 / k ** 2
""",
)
