"""Look into a network that knows ImageNet, with the course's two photographs, and record what is seen.

    python -m experiments run imagenet-maps [--weights FILE] [--threads 1]

The network is torchvision's SqueezeNet 1.0; its weights are downloaded by torchvision, or read from ``--weights``.
``book/results/imagenet-maps.json`` holds its first filters, and for each photograph what it named and five maps of
where it looked. Maps and filters are whole numbers from 0 to 99, so that the file is small.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab.datasets.progress import Progress
from convlab.photographs import PHOTOGRAPHS, load_square
from convlab.results import results_folder
from experiments.record import record, save
from experiments.registry import Command

__all__ = ["EXPERIMENT", "main", "maps", "quantised", "rectified"]

NAME = "imagenet-maps"
SHOWN, PATCH, STEP = 84, 40, 8
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Rule = Callable[[Tensor, Tensor], Tensor]
RULES: dict[str, Rule] = {  # of what came from above, and of what the plain gradient would let through
    "gradient": lambda above, plain: plain,
    "deconvnet": lambda above, plain: above.clamp(min=0),
    "guided backprop": lambda above, plain: plain.clamp(min=0),
}


def strongest(net: Any, x: Tensor, target: int) -> Tensor:
    """Return the largest value in the map of the class ``target``, whose mean is its score."""
    answers: Tensor = net.classifier[:2](net.features(x))  # without the last ReLU
    return answers[0, target].max()


def rectified(net: nn.Module, x: Tensor, target: int, rule: Rule) -> Tensor:
    """Return what the strongest unit of ``target`` sends back to the picture ``x`` (1, 3, H, W), by ``rule``."""

    def follow(module: nn.Module, plain: Any, above: Any) -> Any:
        return (rule(above[0], plain[0]),)

    relus = [module for module in net.modules() if isinstance(module, nn.ReLU)]
    hooks = [module.register_full_backward_hook(follow) for module in relus]
    try:
        start = x.clone().requires_grad_()
        (found,) = torch.autograd.grad(strongest(net, start, target), start)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def covered(net: nn.Module, x: Tensor, target: int) -> Tensor:
    """Return the mean fall of the probability of ``target`` over all patches that cover a pixel: (H, W)."""
    side = x.shape[-1]
    count = ((side - PATCH) // STEP + 1) ** 2
    before = net(x).softmax(1)[0, target]
    falls = []
    for numbers in torch.split(torch.arange(count), 64):
        columns = torch.zeros(len(numbers), PATCH * PATCH, count)
        columns[torch.arange(len(numbers)), :, numbers] = 1
        patches = F.fold(columns, (side, side), PATCH, stride=STEP)
        falls.append(before - net(x * (1 - patches)).softmax(1)[:, target])
    weighted = torch.cat(falls).expand(1, PATCH * PATCH, count)
    total, times = (F.fold(v, (side, side), PATCH, stride=STEP)[0, 0] for v in (weighted, torch.ones_like(weighted)))
    return total / times.clamp(min=1)


def weighed(net: Any, x: Tensor, target: int) -> Tensor:
    """Return Grad-CAM at the output of the features of a SqueezeNet: (h, w)."""
    middle = net.features(x).detach().requires_grad_()
    score = net.classifier(middle).flatten(1)[0, target]
    (slope,) = torch.autograd.grad(score, middle)
    return F.relu(torch.tensordot(slope[0].mean((1, 2)), middle.detach()[0], 1))


def quantised(values: Tensor) -> list[list[int]]:
    """Return (H, W) as whole numbers from 0 to 99; what is negative becomes 0."""
    bright = values.clamp(min=0)
    top = torch.quantile(bright, 0.995).clamp(min=1e-12)
    return [[int(v) for v in line] for line in (bright / top).clamp(max=1).mul(99).round().tolist()]


def maps(net: nn.Module, x: Tensor, target: int, step: Callable[[str], None]) -> dict[str, list[list[int]]]:
    """Return the five maps for one picture (1, 3, 224, 224)."""
    found = {}
    for name, rule in RULES.items():
        strength = rectified(net, x, target, rule).abs().amax(1, keepdim=True)
        found[name] = quantised(F.adaptive_max_pool2d(strength, SHOWN)[0, 0])
        step(name)
    with torch.no_grad():
        found["occlusion"] = quantised(F.adaptive_avg_pool2d(covered(net, x, target)[None, None], 56)[0, 0])
    step("occlusion")
    found["Grad-CAM"] = quantised(weighed(net, x, target))
    step("Grad-CAM")
    return found


def squeezenet(weights: Path | None) -> tuple[Any, list[str]]:
    """Return torchvision's SqueezeNet 1.0 with its weights, ReLUs not in place, and the names of its classes."""
    from torchvision.models import SqueezeNet1_0_Weights, squeezenet1_0

    known = SqueezeNet1_0_Weights.IMAGENET1K_V1
    if weights is None:
        net = squeezenet1_0(weights=known)
    else:
        net = squeezenet1_0(weights=None)
        net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return net.eval().requires_grad_(False), list(known.meta["categories"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the maps of both photographs and record them."""
    parser = argparse.ArgumentParser(prog=f"python -m experiments run {NAME}", description=__doc__.partition("\n")[0])
    parser.add_argument("--weights", type=Path, help="file of weights; downloaded where not given")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument("--note", default="", help="a sentence to keep with the record")
    parser.add_argument("--results", type=Path, default=results_folder(), help="folder of the record (book/results)")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    start = time.monotonic()
    net, classes = squeezenet(chosen.weights)
    first = net.features[0].weight.detach()
    low, high = (v[:, None, None, None] for v in (first.flatten(1).amin(1), first.flatten(1).amax(1)))
    filters = ((first - low) / (high - low) * 99).round().int().flatten(1).tolist()
    photographs: dict[str, Any] = {}
    mean, std = (torch.tensor(v)[:, None, None] for v in (MEAN, STD))
    with Progress(NAME, 5 * len(PHOTOGRAPHS)) as progress:
        for name in PHOTOGRAPHS:
            x = ((load_square(name) - mean) / std)[None]
            chances, best = net(x).softmax(1)[0].topk(3)
            named = {classes[k]: chance for k, chance in zip(best.tolist(), chances.tolist(), strict=True)}
            photographs[name] = {"named": named, "maps": maps(net, x, int(best[0]), progress.step)}
    result = record(
        NAME,
        {"photographs": photographs, "filters": filters, "filter_shape": list(first.shape)},
        data_set="scikit-learn's two photographs",
        settings=f"SqueezeNet 1.0 trained on ImageNet; patches of {PATCH} × {PATCH}, {STEP} apart, for occlusion",
        command=f"python -m experiments run {NAME} --threads {chosen.threads}",
        seeds=[0],
        epochs=1,
        start=start,
        note=chosen.note,
    )
    path = save(result, chosen.results)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    return 0


EXPERIMENT = Command(
    question="Where does a network that knows ImageNet look? Five kinds of maps for two photographs; its filters.",
    main=main,
)
