"""Turn measurements into a table with ratios, and into lines that say where marks differ."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.engines import Measured

__all__ = ["Row", "combine", "differences", "markdown", "rows", "summary"]

HEAD = (
    "grader",
    "submissions",
    "a minute",
    "CPU s each",
    "over the floor",
    "start-up CPU s",
    "private MB",
    "sealed is, per core",
)
HOW = (
    "*CPU s each* and *a minute* are those of one more submission in a class that is being graded. "
    "floor and sealed: between two submissions, after the first few and before the last few of one run. "
    "nbgrader: the difference between a class and one submission, divided. otter: a whole run, since each starts anew. "
    "*Start-up* is all else: loading, warming, ending, and what is done once for a class. "
    "CPU is that of all processes, waited-for children included. *Private MB* is the largest sum seen for one "
    "submission in flight, sampled in a run of its own: sandbox and examiner, or all processes of nbgrader and otter."
)


@dataclass(frozen=True)
class Row:
    """What is said of one grader. Ratios are None where what they compare with was not run."""

    engine: str
    submissions: int
    per_minute: float
    cpu_seconds: float
    start_cpu_seconds: float
    private_mb: float
    over_floor_ms: float | None
    sealed_times: float | None


def combine(runs: Sequence[Measured]) -> Measured:
    """Return the medians of several runs of one grader."""

    def median(name: str) -> float:
        return statistics.median(float(getattr(run, name)) for run in runs)

    return replace(
        runs[-1],
        cpu_seconds=median("cpu_seconds"),
        wall_seconds=median("wall_seconds"),
        start_cpu_seconds=median("start_cpu_seconds"),
        private_bytes=int(median("private_bytes")),
    )


def rows(measured: Sequence[Measured]) -> list[Row]:
    """Return a row for each grader, in their order."""
    cpu = {each.engine: each.cpu_seconds for each in measured}
    return [
        Row(
            each.engine,
            each.submissions,
            60 / each.wall_seconds,
            each.cpu_seconds,
            each.start_cpu_seconds,
            each.private_bytes / 1e6,
            (each.cpu_seconds - cpu["floor"]) * 1e3 if "floor" in cpu and each.engine != "floor" else None,
            each.cpu_seconds / cpu["sealed"] if "sealed" in cpu and not each.engine.startswith("sealed") else None,
        )
        for each in measured
    ]


def summary(measured: Sequence[Measured]) -> list[str]:
    """Say the ratios that were aimed at, each in a line."""
    by_name = {row.engine: row for row in rows(measured)}
    wall = {each.engine: each.wall_seconds for each in measured}
    lines = []
    sealed = by_name.get("sealed")
    if sealed is not None and sealed.over_floor_ms is not None:
        lines.append(f"CPU over the floor: {sealed.over_floor_ms:.0f} ms a submission (aim: at most 40).")
    for name, aim in (("nbgrader", " (aim: at least 100 on the light workload)"), ("otter", "")):
        times = by_name[name].sealed_times if name in by_name else None
        if times is not None:
            lines.append(f"Against {name}, per core: {times:.1f} times as fast{aim}.")
    if sealed is not None and sealed.private_mb:
        lines.append(f"Private memory in flight: {sealed.private_mb:.0f} MB (aim: at most 60).")
    if "sealed" in wall and "sealed-2" in wall:
        ratio = wall["sealed"] / wall["sealed-2"]
        lines.append(f"Two workers against one: {ratio:.2f} times the submissions a minute (aim: at least 1.8).")
    return lines


def markdown(measured: Sequence[Measured]) -> str:
    """Return the table as Markdown."""
    body = [
        (
            row.engine,
            str(row.submissions),
            f"{row.per_minute:,.0f}" if row.per_minute >= 10 else f"{row.per_minute:.1f}",
            f"{row.cpu_seconds:.4f}" if row.cpu_seconds < 0.1 else f"{row.cpu_seconds:.3f}",
            "–" if row.over_floor_ms is None else f"{row.over_floor_ms:+,.0f} ms",
            f"{row.start_cpu_seconds:.1f}",
            f"{row.private_mb:.0f}" if row.private_mb else "–",
            "–" if row.sealed_times is None else f"{row.sealed_times:.3g} ×",
        )
        for row in rows(measured)
    ]
    widths = [max(len(line[column]) for line in (HEAD, *body)) for column in range(len(HEAD))]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        padded = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([line(HEAD), rule, *map(line, body)])


def differences(measured: Sequence[Measured]) -> list[str]:
    """Say, one line each, where a grader gave other points than the first one did for the same submission."""
    reference, *others = measured
    found = []
    for other in others:
        for student, given in other.marks.items():
            wanted: Mapping[str, float] = reference.marks.get(student, {})
            for check in sorted(wanted.keys() | given.keys()):
                ours, theirs = wanted.get(check), given.get(check)
                if ours is None or theirs is None or abs(ours - theirs) > 1e-9:
                    found.append(
                        f"{student}, {check}: {reference.engine} {_points(ours)}, {other.engine} {_points(theirs)}"
                    )
    return found


def _points(value: float | None) -> str:
    return "nothing" if value is None else f"{value:g}"
