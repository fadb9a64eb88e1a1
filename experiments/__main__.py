"""``python -m experiments``: list the experiments, or run one and write its result."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from convlab.results import Record
from experiments import record as records
from experiments.registry import NAMES, Command, Settings, common, experiment

__all__ = ["main", "parser", "record"]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name the experiments and what they ask")
    run = commands.add_parser("run", help="run one and write book/results/NAME.json; run NAME --help names its options")
    run.add_argument("name", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    run.add_argument("--data", default=Settings.data, help="a data set of convlab.datasets (%(default)s)")
    run.add_argument("--root", help="folder that holds the data already; downloaded to the cache where not given")
    run.add_argument("--device", default=Settings.device, help="cpu, cuda, cuda:1, mps (%(default)s)")
    run.add_argument("--seeds", type=_positive, help="number of seeds")
    run.add_argument("--epochs", type=_positive, help="number of epochs")
    run.add_argument("--threads", type=_positive, help="CPU threads (all, where not given)")
    run.add_argument("--full", action="store_true", help="all pictures on a CPU too, not few (hours)")
    run.add_argument("--note", default="", help="a sentence to keep with the result")
    run.add_argument("--results", type=Path, help="folder to write to (the course's book/results)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 is success, 2 wrong usage, 3 an internal failure."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["run"] and words[1:2] and words[1] in NAMES:
        own = experiment(words[1])
        if isinstance(own, Command):
            return own.main(words[2:])
    chosen = parser().parse_args(words)
    if chosen.command == "list":
        for name in NAMES:
            print(f"{name:18} {experiment(name).question}")
        return 0
    from convlab.datasets import NAMES as DATA
    from convlab.datasets import DatasetUnavailable

    if chosen.data not in DATA:
        parser().error(f"there is no data set {chosen.data!r}; there are: {', '.join(DATA)}")
    if chosen.full and not common(chosen.name).has_full_size:
        parser().error(f"{chosen.name} has one size only")
    try:
        result = record(chosen.name, settings_of(chosen), chosen.note)
    except DatasetUnavailable as error:
        print(error, file=sys.stderr)
        return 3
    path = records.save(result, chosen.results)
    print(result.about, file=sys.stderr)
    print(path)
    return 0


def settings_of(chosen: argparse.Namespace) -> Settings:
    """Return what the parsed command line asks for, with the experiment's defaults for what it leaves out."""
    found = common(chosen.name)
    return Settings(
        data=chosen.data,
        device=chosen.device,
        seeds=chosen.seeds or found.seeds,
        epochs=chosen.epochs or found.epochs,
        threads=chosen.threads,
        root=chosen.root,
        full=chosen.full,
    )


def record(name: str, settings: Settings, note: str = "") -> Record:
    """Run the experiment ``name`` and return its record; nothing is written."""
    import torch

    from convlab import datasets
    from convlab.datasets.progress import Progress

    found = common(name)
    data_set = datasets.load(settings.data, root=settings.root).title  # fetched before the clock starts
    before = torch.get_num_threads()
    torch.set_num_threads(settings.threads or before)
    start = time.monotonic()
    try:
        with Progress(name, found.steps(settings)) as progress:
            data = found.run(settings, progress)
        return records.record(
            name,
            data,
            data_set=data_set,
            settings=found.describe(settings),
            command=command(name, settings),
            device=settings.device,
            seeds=range(settings.seeds),
            epochs=settings.epochs,
            start=start,
            note=" ".join(part for part in (found.note, note) if part),
        )
    finally:
        torch.set_num_threads(before)


def command(name: str, settings: Settings) -> str:
    """Write the command in full, except for the folder that holds the data here."""
    threads = (f" --threads {settings.threads}" if settings.threads else "") + (" --full" if settings.full else "")
    return (
        f"python -m experiments run {name} --data {settings.data} --device {settings.device} "
        f"--seeds {settings.seeds} --epochs {settings.epochs}{threads}"
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, got {number}")
    return number


if __name__ == "__main__":
    sys.exit(main())
