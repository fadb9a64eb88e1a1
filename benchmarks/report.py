"""Measure workloads with graders, and write what was found as JSON and as a page."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.files import write_atomically
from benchmarks.classes import Workload
from benchmarks.engines import Measured, measure
from benchmarks.table import HOW, combine, differences, markdown, summary

__all__ = ["Found", "measure_all", "page", "save"]

RESULTS = Path(__file__).resolve().parent / "results"
SLOW = ("nbgrader", "otter")


@dataclass(frozen=True)
class Found:
    """What one workload gave: medians, every run, and where marks differ."""

    workload: Workload
    measured: tuple[Measured, ...]
    runs: tuple[Measured, ...]
    differences: tuple[str, ...]


def measure_all(
    workload: Workload,
    engines: Sequence[str],
    *,
    submissions: int,
    slow_submissions: int,
    repeat: int,
    memory: bool = True,
    say: Callable[[str], None],
) -> Found:
    """Run each grader ``repeat`` times, in turns; nbgrader and otter grade the first ``slow_submissions`` only.

    Raises:
        subprocess.CalledProcessError: a grader failed; ``say`` was told what it said last.
    """
    runs: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        log = Path(name) / "log"
        for number in range(repeat):
            for engine in engines:
                count = min(submissions, slow_submissions) if engine in SLOW else submissions
                say(f"{workload.name}: {engine}, {count} submissions" + (f", run {number + 1}" if repeat > 1 else ""))
                try:
                    runs.append(measure(engine, workload, Path(name) / f"{engine}-{number}", count, log, memory=memory))
                except Exception:
                    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
                    say(said[-4000:])
                    raise
    measured = [combine([run for run in runs if run.engine == engine]) for engine in engines]
    differing = dict.fromkeys(line for run in runs for line in differences([runs[0], run]))
    return Found(workload, tuple(measured), tuple(runs), tuple(differing))


def page(found: Sequence[Found], about: dict[str, str], note: str = "") -> str:
    """Return the results as a page of Markdown."""
    lines = ["# What grading costs", "", *([note, ""] if note else [])]
    lines += [f"- {name}: {value}" for name, value in about.items()]
    for each in found:
        lines += ["", f"## Workload {each.workload.name}: {each.workload.about}", "", markdown(each.measured), ""]
        lines += [f"- {line}" for line in summary(each.measured)]
        same = "Every grader gave every check of every submission the same points."
        lines += [f"- {same}"] if not each.differences else ["- Marks differ:"]
        lines += [f"  - {line}" for line in each.differences]
    lines += ["", "## How it was measured", "", HOW, ""]
    graders = {measured.engine: measured.about for each in found for measured in each.measured}
    return "\n".join([*lines, *(f"- {engine}: {text}" for engine, text in graders.items())]) + "\n"


def save(found: Sequence[Found], about: dict[str, str], name: str, text: str) -> Path:
    """Write the results to ``results/DATE-NAME.json`` and ``.md``; return the latter."""
    data = {"machine": about, "workloads": {each.workload.name: _data(each) for each in found}}
    path = RESULTS / f"{about['date']}-{name}.md"
    write_atomically(path.with_suffix(".json"), json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    write_atomically(path, text)
    return path


def _data(found: Found) -> dict[str, object]:
    runs = [{name: value for name, value in asdict(run).items() if name != "marks"} for run in found.runs]
    return {"assignment": found.workload.assignment, "runs": runs, "differences": list(found.differences)}
