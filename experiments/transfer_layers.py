"""How many layers can be kept? Copy n, freeze them, train the rest from scratch. After Yosinski et al. (2014).

The layers come from a network that knows other classes, from one that knows the drawn shapes, from one that knows the
same classes, or from one that knows nothing. The copies of the first kind are also trained on, not frozen.
"""

from __future__ import annotations

import copy
from typing import Any

from torch import nn

from convlab.networks.transfer import CUTS, accuracy, body_and_head, drawn, painted, through, train
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "KINDS"]

PICTURES, TEST = 4000, 1000
STEPS, LONGER = 25, 2  # steps in an epoch of this experiment; times as many for the networks that are copied from
KINDS = ("same classes", "other classes", "shapes", "random", "other classes, trained on")
LAYERS = range(len(CUTS))
STEPS_OF_A_SEED = 3 + len(KINDS)


def run(settings: Settings, runs: Runs) -> Any:
    """Train the networks that are copied from, and then one for each kind and number of layers, with each seed."""
    seeds = [
        runs(f"seed {seed}", trained, seed, runs, settings, steps=STEPS_OF_A_SEED) for seed in range(settings.seeds)
    ]
    return {"layers": list(LAYERS), "accuracy": {kind: [one[kind] for one in seeds] for kind in KINDS}}


def trained(seed: int, runs: Runs, settings: Settings) -> dict[str, list[float]]:
    """Return the accuracy of each kind with each number of layers, for one seed."""
    data = runs.data
    x_test, y_test = painted(data.test, 5, TEST, 4)
    found: dict[str, list[float]] = {}
    x, y = painted(data.train, 5, PICTURES, 300 + seed)
    known = {
        "same classes": (x, y),
        "other classes": painted(data.train, 0, PICTURES, 100 + seed),
        "shapes": drawn(PICTURES, 200 + seed),
    }
    bodies: dict[str, list[nn.Module]] = {"random": body_and_head(seed)[0]}
    for kind, (pictures, labels) in known.items():
        body, head = body_and_head(seed)
        train([*body, head], pictures, labels, LONGER * STEPS * settings.epochs, seed)
        bodies[kind] = body
        runs.step(f"{kind}, seed {seed}")
    bodies[KINDS[-1]] = bodies["other classes"]
    for kind in KINDS:
        curve = []
        for cut in CUTS:
            body, head = body_and_head(2000 + seed)  # others than those of the networks that are copied from
            copied = copy.deepcopy(bodies[kind][:cut])
            frozen = [] if kind == KINDS[-1] else copied
            free = [*copied[len(frozen) :], *body[cut:], head]
            train(free, through(frozen, x) if frozen else x, y, STEPS * settings.epochs, seed)
            curve.append(accuracy([*frozen, *free], x_test, y_test))
        found[kind] = curve
        runs.step(f"{kind}, seed {seed}: {', '.join(f'{value:.0%}' for value in curve)}")
    return found


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    return [k for k in KINDS if [len(curve) for curve in data["accuracy"][k]] != [len(CUTS)] * seeds]


EXPERIMENT = Experiment(
    question="How many layers of one network can another one keep, frozen? From the same classes, others, or shapes.",
    describe=lambda s: (
        f"{STEPS * s.epochs} steps of SGD after {LONGER * STEPS * s.epochs} for what is copied; painted at 24 × 24"
    ),
    steps=lambda s: s.seeds * STEPS_OF_A_SEED,
    run=run,
    missing=missing,
    epochs=6,
    seeds=3,
)
