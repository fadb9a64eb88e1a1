"""``python -m experiments``: list the experiments, or run one and write its result."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from convlab.results import Record, results_folder
from experiments import record as records
from experiments.registry import NAMES, Command, Settings, common, experiment
from experiments.resume import Runs, code_of, journal, key_of

if TYPE_CHECKING:
    from convlab.datasets import Data

__all__ = ["main", "one_line", "parser", "record", "recorded"]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name the experiments and what they ask")
    commands.add_parser("on-gpu", help="what fits into a few minutes on a GPU; on-gpu --help names its options")
    run = commands.add_parser("run", help="run one and write book/results/NAME.json; run NAME --help names its options")
    run.add_argument("name", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    run.add_argument("--data", help=f"a data set of convlab.datasets ({Settings.data}, or the one that NAME is about)")
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
    if words[:1] == ["on-gpu"]:
        from experiments import on_gpu

        return on_gpu.main(words[1:])
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

    settings, only = settings_of(chosen), common(chosen.name).data
    if settings.data not in DATA:
        parser().error(f"there is no data set {settings.data!r}; there are: {', '.join(DATA)}")
    if only is not None and settings.data != only:
        parser().error(f"{chosen.name} is about one data set: run it with --data {only}, or without --data")
    if chosen.full and not common(chosen.name).has_full_size:
        parser().error(f"{chosen.name} has one size only")
    try:
        result, path = recorded(chosen.name, settings, chosen.note, chosen.results)
    except DatasetUnavailable as error:
        print(one_line(error, settings.data, any_data=only is None), file=sys.stderr)
        return 3
    print(result.about, file=sys.stderr)
    print(path)
    return 0


def one_line(error: Exception, data: str, any_data: bool) -> str:
    """Return in one line that a data set cannot be had, and what to do without a network."""
    first, *ways = str(error).splitlines()
    holding = next((way.partition(" that holds ")[2] for way in ways if " that holds " in way), "").rstrip(".")
    other = "--data digits or --data shapes, which need none, or " if any_data else ""
    if not holding:
        return f"{first} {' '.join(ways)}".strip()
    return f"{first} Without a network, pass {other}--root FOLDER of a folder that holds {holding}."


def settings_of(chosen: argparse.Namespace) -> Settings:
    """Return what the parsed command line asks for, with the experiment's defaults for what it leaves out."""
    found = common(chosen.name)
    return Settings(
        data=chosen.data or found.data or Settings.data,
        device=chosen.device,
        seeds=chosen.seeds or found.seeds,
        epochs=chosen.epochs or found.epochs,
        threads=chosen.threads,
        root=chosen.root,
        full=chosen.full,
    )


def recorded(
    name: str,
    settings: Settings,
    note: str = "",
    folder: Path | None = None,
    *,
    deadline: float | None = None,
    keep: bool = False,
    data: Data | None = None,
) -> tuple[Record, Path]:
    """Run the experiment ``name`` and write its record to ``folder``; a recording that was stopped resumes there.

    The finished runs beside the record are removed, unless ``keep`` leaves them for more seeds. ``data`` is given where
    the data set has been loaded already.

    Raises:
        NoTimeLeft: ``deadline``, a moment of ``time.monotonic``, comes before the end; finished runs are kept.
    """
    folder = folder or results_folder()
    result, kept = _run(name, settings, note, folder, deadline, data)
    path = records.save(result, folder)
    if kept is not None and not keep:
        kept.unlink(missing_ok=True)
    return result, path


def record(name: str, settings: Settings, note: str = "") -> Record:
    """Run the experiment ``name`` and return its record; nothing is written."""
    return _run(name, settings, note)[0]


def _run(
    name: str,
    settings: Settings,
    note: str,
    folder: Path | None = None,
    deadline: float | None = None,
    data: Data | None = None,
) -> tuple[Record, Path | None]:
    """Return the record, and the file in ``folder`` that keeps the finished runs."""
    import torch

    from convlab import datasets
    from convlab.datasets.progress import Progress

    found = common(name)
    code_of(found.run.__module__)
    given = data or datasets.load(settings.data, root=settings.root)  # fetched before the clock starts
    key = key_of(found.run, replace(settings, root=None, seeds=0), given.title, found.describe(settings))
    kept = None if folder is None else journal(folder, name, key)
    before = torch.get_num_threads()
    torch.set_num_threads(settings.threads or before)
    try:
        with Progress(name, found.steps(settings)) as progress:
            runs = Runs(progress, given, kept, deadline)
            start = time.monotonic() - runs.seconds_before
            figures = found.run(settings, runs)
        result = records.record(
            name,
            figures,
            data_set=given.title,
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
    return result, kept


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
