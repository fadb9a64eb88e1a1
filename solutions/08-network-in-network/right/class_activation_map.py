"""Right answers, written differently, for `class_activation_map`."""

right(
    "filter_of_one",
    "The dense layer becomes a convolution of 1 × 1 without bias, and each picture takes its class's map.",
    answer="""
import torch
import torch.nn.functional as F


def class_activation_map(net, x, c):
    *trunk, _, _, dense = net
    classes = dense.weight.shape[0]
    wanted = c.tolist() if isinstance(c, torch.Tensor) and c.dim() else [int(c)] * len(x)
    if len(wanted) != len(x) or any(not 0 <= one < classes for one in wanted):
        raise ValueError(f"classes go from 0 to {classes - 1}, one for each picture")
    before = {module: module.training for module in net.modules()}
    net.eval()
    try:
        with torch.no_grad():
            maps = x
            for part in trunk:
                maps = part(maps)
            scores = F.conv2d(maps, dense.weight[:, :, None, None])
    finally:
        for module, training in before.items():
            module.training = training
    own = torch.stack([picture[one] for picture, one in zip(scores, wanted, strict=True)])
    return F.interpolate(own.unsqueeze(1), size=x.shape[-2:], mode="bilinear", align_corners=False).squeeze(1)
""",
)

right(
    "hook_on_a_copy",
    "A copy of the network runs, with a hook before its average.",
    answer="""
import copy

import torch


def class_activation_map(net, x, c):
    net = copy.deepcopy(net).eval()
    weight = net[-1].weight.detach()
    c = torch.full((len(x),), c, device=x.device) if isinstance(c, int) else c.to(x.device)
    if c.shape != (len(x),) or not bool(((c >= 0) & (c < len(weight))).all()):
        raise ValueError("no such class")
    kept = {}
    net[-3].register_forward_pre_hook(lambda module, args: kept.update(maps=args[0]))
    with torch.inference_mode():
        net(x)
        coarse = torch.matmul(weight[c].unsqueeze(1), kept["maps"].flatten(2)).unflatten(2, kept["maps"].shape[2:])
        large = torch.nn.functional.interpolate(coarse, tuple(x.shape[2:]), mode="bilinear", align_corners=False)
    return large.squeeze(1).clone()
""",
)
