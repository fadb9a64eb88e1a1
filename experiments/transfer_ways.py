"""Five new classes from few pictures and from many: three ways to use what a network knows, and from nothing.

Two networks know something: one the first five classes of the data set, painted in the same way, the other the five
kinds of drawn shapes. What frozen layers give is computed once and kept.
"""

from __future__ import annotations

import copy
import time
from typing import Any

from convlab.networks.transfer import CUTS, accuracy, body_and_head, drawn, few, painted, through, train
from experiments.registry import Experiment, Settings
from experiments.resume import Runs

__all__ = ["EXPERIMENT", "ROWS"]

COUNTS = (2, 5, 10, 20, 50, 100)  # pictures of each new class
KNOWN, NEW, TEST = 4000, 4000, 1000  # pictures painted or drawn
STEPS, LONGER = 25, 4  # steps in an epoch of this experiment; times as many for the networks that know something
FROZEN = {"fixed features": CUTS[-1], "last part": CUTS[-2], "all": 0}  # of the 17 steps of the body
SOURCES = ("known classes", "shapes")
CONVERGED = "from nothing, four times the steps"
ROWS = ("from nothing", CONVERGED, *(f"{source}, {way}" for source in SOURCES for way in FROZEN))
STEPS_OF_A_SEED = len(SOURCES) + len(ROWS)


def run(settings: Settings, runs: Runs) -> Any:
    """Train the two networks that know something, and from them all others, with each seed."""
    seeds = [
        runs(f"seed {seed}", trained, seed, settings, runs, steps=STEPS_OF_A_SEED) for seed in range(settings.seeds)
    ]
    return {
        "counts": list(COUNTS),
        "rows": {
            row: {part: [one["rows"][row][part] for one in seeds] for part in ("accuracy", "seconds")} for row in ROWS
        },
        "known": {source: [one["known"][source] for one in seeds] for source in SOURCES},
        "classes": list(runs.data.classes),
    }


def trained(seed: int, settings: Settings, runs: Runs) -> dict[str, Any]:
    """Return accuracy and CPU seconds of each row at each number of pictures, for one seed."""
    data = runs.data
    test = painted(data.test, 5, TEST, 4)
    known_test = {"known classes": painted(data.test, 0, TEST, 2), "shapes": drawn(TEST, 12)}
    known_train = {"known classes": painted(data.train, 0, KNOWN, 100 + seed), "shapes": drawn(KNOWN, 200 + seed)}
    pool = painted(data.train, 5, NEW, 300 + seed)
    starts = dict.fromkeys(ROWS, body_and_head(seed)[0])
    right: dict[str, float] = {}
    for source in SOURCES:
        body, head = body_and_head(seed)
        train([*body, head], *known_train[source], LONGER * STEPS * settings.epochs, seed)
        right[source] = accuracy([*body, head], *known_test[source])
        runs.step(f"{source}, seed {seed}: {right[source]:.1%}")
        starts |= {f"{source}, {way}": body for way in FROZEN}
    rows: dict[str, Any] = {}
    for row, body in starts.items():
        kept = FROZEN.get(row.partition(", ")[2], 0)
        asked = through(body[:kept], test[0])
        steps = STEPS * settings.epochs * (LONGER if row == CONVERGED else 1)
        curve, seconds = [], []
        for count in COUNTS:
            x, y = few(*pool, count, seed)
            start = time.thread_time()
            given = through(body[:kept], x)
            spent = time.thread_time() - start
            rest = [*copy.deepcopy(body[kept:]), body_and_head(1000 + seed)[1]]
            spent += train(rest, given, y, steps, seed)
            curve.append(accuracy(rest, asked, test[1]))
            seconds.append(spent)
        rows[row] = {"accuracy": curve, "seconds": seconds}
        runs.step(f"{row}, seed {seed}: {', '.join(f'{value:.0%}' for value in curve)}")
    return {"rows": rows, "known": right}


def missing(data: Any, seeds: int, epochs: int) -> list[str]:
    lacking = [
        f"{row}: {part}"
        for row in ROWS
        for part in ("accuracy", "seconds")
        if [len(curve) for curve in data["rows"][row][part]] != [len(COUNTS)] * seeds
    ]
    return lacking + [source for source in SOURCES if len(data["known"][source]) != seeds]


EXPERIMENT = Experiment(
    question="New classes from few pictures: frozen features, a new last part, all weights as a start, or nothing?",
    describe=lambda s: (
        f"{STEPS * s.epochs} steps of SGD after {LONGER * STEPS * s.epochs} on what is known; painted at 24 × 24; one "
        f"network from nothing takes {LONGER} times the steps"
    ),
    steps=lambda s: s.seeds * STEPS_OF_A_SEED,
    run=run,
    missing=missing,
    epochs=6,
    seeds=10,
)
