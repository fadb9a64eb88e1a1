"""Teach a network that knows ImageNet to tell ants from bees: three ways and from scratch, with few and many pictures.

    python -m experiments run transfer-ants-bees [--network resnet18] [--weights FILE] [--root FOLDER]

The weights of ``--network`` are downloaded by torchvision, or read from ``--weights``. What comes out of frozen layers
is computed once and kept, so no picture is altered while training. ``book/results/transfer-ants-bees.json`` holds the
accuracy and the CPU time of each way at each number of pictures, for each seed. With ``--longer N`` the network from
nothing also takes N times as many steps, from the most pictures. ``transfer-blood-cells`` does the same with others.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets import Data
from convlab.datasets.progress import Progress
from convlab.results import results_folder
from experiments.record import record, save
from experiments.registry import Command
from experiments.resume import Runs, journal, key_of

__all__ = ["COUNTS", "EXPERIMENT", "NETWORKS", "WAYS", "Parts", "chosen_rows", "compare", "main", "parts", "recorded"]

NAME = "transfer-ants-bees"
COUNTS = (5, 10, 20, 60)  # pictures of each class
BATCH, AT_ONCE = 16, 32
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
WAYS = {  # and what each trains
    "fixed features": "only the new head",
    "last part": "the head, and the last part of the body",
    "all": "all, from the weights",
    "from nothing": "all, from random weights",
}
HEAD_RATE, GENTLE, BOLD = 0.01, 0.0003, 0.01  # at a rate of 0.001, pretrained MobileNetV2 diverged
LONGEST = (
    1.0  # of a gradient: the first ones are twenty times as long, and without the limit one run in twelve was lost
)


@dataclass(frozen=True)
class Parts:
    """A network without its head: ``early`` gives maps, ``late`` turns them into ``width`` features (N, width)."""

    early: nn.Sequential
    late: nn.Sequential
    width: int

    def __iter__(self) -> Any:
        return iter((self.early, self.late))


def _resnet(net: Any) -> Parts:
    stem = (net.conv1, net.bn1, net.relu, net.maxpool)
    late = nn.Sequential(net.layer4, net.avgpool, nn.Flatten())
    return Parts(nn.Sequential(*stem, net.layer1, net.layer2, net.layer3), late, net.fc.in_features)


def _features(cut: int, width: int) -> Callable[[Any], Parts]:
    def cut_there(net: Any) -> Parts:
        late = nn.Sequential(*net.features[cut:], nn.AdaptiveAvgPool2d(1), nn.Flatten())
        return Parts(nn.Sequential(*net.features[:cut]), late, width)

    return cut_there


NETWORKS: Mapping[str, tuple[str, Callable[[Any], Parts]]] = {
    "resnet18": ("ResNet-18", _resnet),
    "mobilenet_v2": ("MobileNetV2", _features(14, 1280)),
    "squeezenet1_0": ("SqueezeNet 1.0", _features(10, 512)),
}


def parts(network: str, weights: Path | None, known: bool = True) -> Parts:
    """Return torchvision's ``network`` in two parts: with the weights of ImageNet, or, if not ``known``, without."""
    from torchvision.models import get_model

    net = get_model(network, weights="DEFAULT" if known and weights is None else None)
    if known and weights is not None:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        net.load_state_dict({key: v.float() if v.is_floating_point() else v for key, v in state.items()})
    return NETWORKS[network][1](net)


def chosen_rows(labels: Tensor, count: int, seed: int) -> Tensor:
    """Return the rows of ``count`` pictures of each class that ``seed`` draws; larger counts contain smaller ones."""
    dice = torch.Generator().manual_seed(seed)
    rows = [(labels == k).nonzero().flatten() for k in range(int(labels.max()) + 1)]
    return torch.cat([r[torch.randperm(len(r), generator=dice)[:count]] for r in rows])


@torch.no_grad()
def answers(layers: nn.Module, x: Tensor) -> Tensor:
    """Return what ``layers`` give in evaluation mode, a few pictures at a time."""
    layers.eval()
    return torch.cat([layers(batch) for batch in torch.split(x, AT_ONCE)])


def train(body: nn.Module, head: nn.Module, x: Tensor, y: Tensor, *, way: str, steps: int, seed: int) -> None:
    """Take ``steps`` steps of SGD on batches that are drawn at random, each from all of the pictures.

    Batch normalisation keeps the statistics of ImageNet; a network from nothing has none, and gets its own: at the end
    they are counted once more, from all of the pictures, since its weights have moved faster than their average.
    """
    dice, anew = torch.Generator().manual_seed(seed), way == "from nothing"
    groups = [{"params": list(head.parameters()), "lr": HEAD_RATE}]
    rest = list(body.parameters())
    if rest:
        groups.append({"params": rest, "lr": BOLD if anew else GENTLE})
    optimizer = torch.optim.SGD(groups, HEAD_RATE, momentum=0.9)
    body.train(anew)
    for _ in range(steps):
        rows = torch.randperm(len(y), generator=dice)[:BATCH]
        loss = F.cross_entropy(head(body(x[rows])), y[rows])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_([*head.parameters(), *rest], LONGEST)
        optimizer.step()
    if anew:
        for module in body.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.reset_running_stats()
                module.momentum = None  # the plain mean over all batches
        with torch.no_grad():
            for batch in torch.split(x[torch.randperm(len(y), generator=dice)], BATCH):
                body(batch)


@dataclass(frozen=True)
class Given:
    """What a way is given to learn from and to be tested with, and the seconds a picture that this has taken."""

    known: Tensor
    asked: Tensor
    once: float


def compare(
    known: Parts,
    fresh: Callable[[], Parts],
    runs: Runs,
    *,
    counts: Sequence[int] = COUNTS,
    seeds: int = 3,
    steps: int = 40,
    longer: int = 1,
) -> dict[str, Any]:
    """Train in each way, from each number of pictures of a class, with each seed: test accuracy and CPU seconds."""
    mean, std = (torch.tensor(v)[:, None, None] for v in (MEAN, STD))
    x, test = ((split.images - mean) / std for split in (runs.data.train, runs.data.test))
    start = time.thread_time()
    maps = answers(known.early, x)
    to_maps = (time.thread_time() - start) / len(x)
    start = time.thread_time()
    features = answers(known.late, maps)
    to_features = to_maps + (time.thread_time() - start) / len(x)
    test_maps = answers(known.early, test)
    whole = Given(x, test, 0.0)
    given = {
        "fixed features": Given(features, answers(known.late, test_maps), to_features),
        "last part": Given(maps, test_maps, to_maps),
        "all": whole,
        "from nothing": whole,
    }
    bodies: dict[str, Callable[[], nn.Module]] = {
        "fixed features": nn.Sequential,
        "last part": lambda: copy.deepcopy(known.late),
        "all": lambda: nn.Sequential(*copy.deepcopy(known)),
        "from nothing": lambda: nn.Sequential(*fresh()),
    }

    def one(way: str, count: int, seed: int, steps: int) -> list[float]:
        return outcome(way, given[way], bodies[way], known.width, runs.data, count=count, seed=seed, steps=steps)

    found: dict[str, Any] = {way: {"accuracy": [[] for _ in counts], "seconds": [[] for _ in counts]} for way in WAYS}
    for seed in range(seeds):  # outermost, so that a recording that is stopped has whole seeds
        for place, count in enumerate(counts):
            for way in WAYS:
                right, seconds = runs(f"{way}, {count} of each, seed {seed}", one, way, count, seed, steps)
                found[way]["accuracy"][place].append(right)
                found[way]["seconds"][place].append(seconds)
    sizes = {
        name: sum(p.numel() for p in part.parameters()) for name, part in zip(("early", "late"), known, strict=True)
    }
    passes = {"to_maps": to_maps, "to_features": to_features}
    result = {"counts": list(counts), "ways": found, "parameters": sizes, "seconds_a_picture": passes, "steps": steps}
    if longer > 1:
        names = [f"from nothing, {longer} times the steps, seed {seed}" for seed in range(seeds)]
        many = [runs(name, one, "from nothing", counts[-1], seed, longer * steps) for seed, name in enumerate(names)]
        result["longer"] = {"count": counts[-1], "steps": longer * steps, "accuracy": [right for right, _ in many]}
    return result


def outcome(
    way: str, given: Given, body: Callable[[], nn.Module], width: int, data: Data, *, count: int, seed: int, steps: int
) -> list[float]:
    """Train in one way with one seed; return test accuracy and CPU seconds."""
    rows = chosen_rows(data.train.labels, count, seed)
    torch.manual_seed(seed)
    head = nn.Linear(width, len(data.classes))
    made = body()
    start = time.thread_time()
    train(made, head, given.known[rows], data.train.labels[rows], way=way, steps=steps, seed=seed)
    seconds = time.thread_time() - start + given.once * len(rows)
    named = answers(nn.Sequential(made, head), given.asked).argmax(1)
    return [(named == data.test.labels).float().mean().item(), seconds]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all ways on ants and bees, and record them."""
    return recorded(NAME, lambda size, root: datasets.load("hymenoptera", size=size, root=root), arguments)


def recorded(
    name: str,
    load: Callable[[int, str | None], Data],
    arguments: Sequence[str] | None = None,
    *,
    about: str = "",
    size: int = 224,
) -> int:
    """Run the command line of the experiment ``name`` on the pictures that ``load`` gives; 3 where there are none."""
    chosen = _parser(name, size).parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    try:
        data = load(chosen.size, chosen.root)
    except datasets.DatasetUnavailable as error:
        print(" ".join(line.removeprefix("- ") for line in str(error).splitlines()), file=sys.stderr)
        return 3
    known = parts(chosen.network, chosen.weights)
    settings = (chosen.network, chosen.size, chosen.steps, chosen.threads, COUNTS)
    kept = journal(chosen.results, name, key_of(compare, data.title, *settings))
    trainings = (len(WAYS) * len(COUNTS) + (chosen.longer > 1)) * chosen.seeds
    with Progress(name, trainings) as progress:
        runs = Runs(progress, data, kept)
        start = time.monotonic() - runs.seconds_before
        found = compare(
            known,
            lambda: parts(chosen.network, None, known=False),
            runs,
            counts=COUNTS,
            seeds=chosen.seeds,
            steps=chosen.steps,
            longer=chosen.longer,
        )
    title = NETWORKS[chosen.network][0]
    options = f"--network {chosen.network} --size {chosen.size} --steps {chosen.steps} --seeds {chosen.seeds}"
    options += f" --longer {chosen.longer}" if chosen.longer > 1 else ""
    result = record(
        name,
        found | {"network": title, "size": chosen.size, "train": len(data.train), "test": len(data.test)},
        data_set=data.title,
        settings=f"{title} trained on ImageNet, pictures of {chosen.size} × {chosen.size}, {chosen.steps} steps of SGD "
        f"with batches of {BATCH}, gradients clipped at {LONGEST:g}",
        command=f"python -m experiments run {name} {options} --threads {chosen.threads}",
        seeds=list(range(chosen.seeds)),
        epochs=1,
        start=start,
        note=" ".join(filter(None, [about, chosen.note])),
    )
    path = save(result, chosen.results)
    kept.unlink(missing_ok=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    return 0


def _parser(name: str, size: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m experiments run {name}", description=__doc__.partition("\n")[0])
    parser.add_argument("--network", choices=NETWORKS, default="resnet18", help="torchvision's (%(default)s)")
    parser.add_argument("--weights", type=Path, help="file of its weights; downloaded where not given")
    parser.add_argument(
        "--root", help="folder that holds the pictures already; downloaded to the cache where not given"
    )
    parser.add_argument("--size", type=int, default=size, help="side of the pictures in pixels (%(default)s)")
    parser.add_argument("--steps", type=int, default=40, help="steps of training (%(default)s)")
    parser.add_argument("--seeds", type=int, default=10, help="number of seeds (%(default)s)")
    parser.add_argument(
        "--longer",
        type=int,
        default=1,
        help="also train from nothing for so many times the steps (%(default)s: do not)",
    )
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    parser.add_argument("--note", default="", help="a sentence to keep with the record")
    parser.add_argument("--results", type=Path, default=results_folder(), help="folder of the record (book/results)")
    return parser


EXPERIMENT = Command(
    question="How few photographs of ants and bees are enough for a network that knows ImageNet? Three ways, and none.",
    main=main,
)
