"""Use a few minutes on a machine with a GPU: the checks of all reference answers there, then the larger experiments.

    python -m experiments on-gpu --prepare FOLDER                   in the full environment, beforehand
    python -m experiments on-gpu --minutes 12 --answers FOLDER --root DATA

The second needs torch, torchvision, numpy and matplotlib only. The experiments come in order of value, seed by seed:
whenever a seed is whole, its record is written. What is finished is kept beside the records, and the same command
resumes there. ``--device cpu`` tries it in the experiments' small sizes.
"""

from __future__ import annotations

import _thread
import argparse
import math
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from convlab.datasets import Data
from experiments import answers
from experiments.registry import Settings, common
from experiments.resume import NoTimeLeft

__all__ = ["PLAN", "Step", "main"]

FOLDER = Path("build", "on-gpu")
CHECKS = 0.4  # of the time, at most, for the checks of the reference answers


@dataclass(frozen=True)
class Step:
    """Name an experiment and how much of it is worth its time."""

    name: str
    data: str
    seeds: int
    epochs: int


PLAN = (
    Step("deleted-blocks", "cifar10", 5, 1),
    Step("plain-rates", "cifar10", 3, 10),
    Step("filter-sizes", "shapes", 10, 10),
    Step("heads", "fashion_mnist", 3, 150),
    Step("alexnet-parts", "cifar10", 5, 10),
    Step("plain-residual", "cifar10", 3, 10),
    Step("families", "fashion_mnist", 3, 6),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 is success, 1 a failed check or experiment, 2 wrong usage, 3 nothing to run on."""
    parser = argparse.ArgumentParser(prog="python -m experiments on-gpu", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=_minutes, default=12.0, help="time for everything (12)")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:1, mps, or cpu to try it (%(default)s)")
    parser.add_argument("--root", help="folder that holds the data sets; downloaded to the cache where not given")
    parser.add_argument("--answers", type=Path, default=FOLDER / "answers", help="prepared folder (%(default)s)")
    parser.add_argument("--results", type=Path, default=FOLDER / "results", help="folder to write to (%(default)s)")
    parser.add_argument("--prepare", type=Path, metavar="FOLDER", help="only write the reference answers to FOLDER")
    chosen = parser.parse_args(arguments)
    if chosen.prepare is not None:
        return _prepare(chosen.prepare)
    wrong = _unavailable(chosen.device)
    if wrong:
        print(wrong)
        return 3
    end = time.monotonic() + 60 * chosen.minutes
    lines, failed = _checks(chosen, end)
    for step in PLAN:
        line, good = _experiment(step, chosen, end)
        lines.append(line)
        failed |= not good
    print("\n".join(lines))
    return int(failed)


def _prepare(folder: Path) -> int:
    try:
        written = answers.prepare(folder)
    except ImportError as error:
        print(f"--prepare needs the course's full environment ({error}): run it there, and take the folder along.")
        return 3
    print(f"{folder}: the reference answers and checks of {len(written)} assignments")
    return 0


def _unavailable(device: str) -> str:
    """Return a line if there is no such device."""
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
        why = str(error).partition("\n")[0]
        return f"There is no device {device!r} here ({why}). Try it with --device cpu, or run it where there is a GPU."
    return ""


def _checks(chosen: argparse.Namespace, end: float) -> tuple[list[str], bool]:
    """Run the checks of all assignments; return what to say, and whether one failed."""
    if not any(chosen.answers.glob("*.cells.json")):
        missing = f"{chosen.answers} holds no prepared answers: write them with on-gpu --prepare {chosen.answers}"
        return [f"left  checks of the reference answers: {missing}"], False
    start = time.monotonic()
    outcomes = answers.check_all(
        chosen.answers, chosen.device, start + CHECKS * (end - start), chosen.results / "checks.json", say=_say
    )
    passed, failed = sum(o.passed for o in outcomes), sum(len(o.failed) for o in outcomes)
    whole = sum(not o.left for o in outcomes)
    took = f"{time.monotonic() - start:.0f} s"
    lines = [
        f"ran   checks of {whole} of {len(outcomes)} assignments: {passed} passed, {failed} cells failed, {took}",
        *(f"left  checks of {o.assignment}: {o.left}" for o in outcomes if o.left),
    ]
    return lines, failed > 0


def _experiment(step: Step, chosen: argparse.Namespace, end: float) -> tuple[str, bool]:
    """Run an experiment seed by seed; return what to say, and whether it went well."""
    from convlab.datasets import DatasetUnavailable
    from experiments.__main__ import one_line, recorded

    start, whole = time.monotonic(), 0
    if start >= end:
        return f"left  {step.name}: no time was left", True
    reason, good = "", True
    try:
        data = _loaded(step.data, chosen.root)
        for seeds in range(1, step.seeds + 1):
            settings = Settings(step.data, chosen.device, seeds, step.epochs, root=chosen.root)
            with _interrupted_at(end):
                recorded(step.name, settings, folder=chosen.results, deadline=end, keep=seeds < step.seeds, data=data)
            whole = seeds
            _say(f"{step.name}: {seeds} of {step.seeds} seeds, {time.monotonic() - start:.0f} s")
    except NoTimeLeft as late:
        reason = str(late)
    except DatasetUnavailable as error:
        reason = one_line(error, step.data, any_data=common(step.name).data is None)
    except KeyboardInterrupt:
        if time.monotonic() < end:
            raise
        reason = "the time was over in the middle of a run; those before are kept"
    except (RuntimeError, ValueError, OSError) as error:
        reason, good = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}", False
    word = "ran " if whole else "left"
    about = f"{whole} of {step.seeds} seeds, {time.monotonic() - start:.0f} s"
    return f"{word}  {step.name}: {about}{f'; {reason}' if reason else ''}", good


@lru_cache(maxsize=1)
def _loaded(name: str, root: str | None) -> Data:
    from convlab import datasets

    return datasets.load(name, root=root)


@contextmanager
def _interrupted_at(end: float) -> Iterator[None]:
    """Raise KeyboardInterrupt here when the time is over: a run may take longer than those before it.

    A program in the background is often started with SIGINT ignored; then nothing would come.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(max(0.0, end - time.monotonic()), _thread.interrupt_main)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def _say(text: str) -> None:
    print(text, flush=True)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of minutes above 0, such as 12; got {text!r}")
    return minutes
