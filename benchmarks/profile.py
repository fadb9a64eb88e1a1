"""Say where the CPU time of one submission goes in the sealed engine: by process and by phase."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment.cells import grade_id
from autograder.assignment.source import read_source
from benchmarks.classes import Workload, make_class
from benchmarks.probe import read_records
from benchmarks.spans import Spans

__all__ = ["Part", "Profile", "measure", "render"]

HERE = Path(__file__).resolve().parent
WARM_UP = 2  # submissions that pay for first uses in the warm processes


@dataclass
class Part:
    """One process's share: milliseconds and calls per submission by label, and its whole as the kernel counts it."""

    name: str
    total_ms: float
    rows: dict[str, tuple[float, float]] = field(default_factory=dict)
    page_faults: float | None = None
    rest: str = "rest"

    @property
    def rest_ms(self) -> float:
        """What no row accounts for."""
        return self.total_ms - sum(ms for ms, _ in self.rows.values())


@dataclass(frozen=True)
class Profile:
    """The mean of ``count`` submissions."""

    workload: str
    count: int
    parts: tuple[Part, ...]
    floor_ms: float
    requests: float
    wall_ms: float
    private_mb: dict[str, float]
    missing: tuple[str, ...] = ()

    @property
    def total_ms(self) -> float:
        return sum(part.total_ms for part in self.parts)


def measure(workload: Workload, count: int = 30, memory_count: int = 5) -> Profile:
    """Grade a class with one pair of processes and clocks in all of them, then some again to read their memory."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        make_class(workload, folder, count + WARM_UP)
        spans = Spans()
        _time_coordinator(spans)
        try:
            run = _grade(workload, folder, "benchmarks.probe", spans)
        finally:
            spans.unwrap()
        missing = [*spans.missing, *run.worker["missing"]]
        missing += [name for record in run.records if record["who"] == "missing" for name in record["names"]]
        sizes = _memory(workload, count=memory_count) if memory_count else {}
        floor = _floor_ms(workload, folder)
    graded = count + WARM_UP
    setup = {f"run cell {n}" for n, cell in enumerate(read_source(workload.source).cells) if grade_id(cell) == "setup"}
    parts, requests = _parts(_named(run.records, setup), count)
    grades, steps = run.worker["grades"], run.steps
    own = _difference(steps[WARM_UP - 1], steps[graded - 1], count)
    parts = (
        Part("coordinator", *own, rest="Dask's client and scheduler, progress"),
        Part("worker", *_difference(grades[WARM_UP - 1], grades[graded - 1], count), rest="Dask's worker"),
        *parts,
    )
    wall = (steps[graded - 1]["clock"] - steps[WARM_UP - 1]["clock"]) / count * 1e3
    return Profile(workload.name, count, parts, floor, requests, wall, sizes, tuple(dict.fromkeys(missing)))


def _time_coordinator(spans: Spans) -> None:
    """Time the functions that the process of ``autograder grade`` runs for each submission."""
    from autograder.engines.dispatch import dispatcher
    from autograder.gradebook import gradebook
    from autograder.grading import grade, recording, results
    from autograder.grading.handed_in import HandedIn
    from autograder.submissions.intake import Release

    spans.wrap(grade, "read_handed_in", "intake: read the file")
    spans.wrap(HandedIn, "repaired", "intake: parse and repair")
    spans.wrap(grade, "check_keys", "keys of the checks")
    spans.wrap(Release, "build", "intake: build the notebook")
    spans.wrap(dispatcher._Run, "_send", "dispatch: send")
    spans.wrap(dispatcher._Run, "_collect", "dispatch: start to collect")
    spans.wrap(recording, "write_autograded", "write the notebook")
    spans.wrap(results.ResultStore, "save", "write the result, fsync")
    spans.wrap(results.ResultStore, "load", "look for an earlier result")
    spans.wrap(gradebook.Gradebook, "put", "gradebook")


@dataclass
class _Run:
    """What one class gave: the records of the pair's processes, and what worker and coordinator had used when."""

    records: list[dict[str, Any]]
    worker: dict[str, Any]
    steps: list[dict[str, Any]]


def _grade(workload: Workload, folder: Path, probe: str, spans: Spans) -> _Run:
    """Grade a class with one worker whose pair preloads ``probe``."""
    from autograder.engines.sealed import engine
    from autograder.engines.sealed.engine import SealedEngine
    from autograder.errors import EngineError
    from autograder.grading import grade
    from benchmarks.grader import WatchedGrader

    def unnamed(*_: Any, **__: Any) -> Any:
        raise EngineError("Left out of the profile: it is done once for an assignment.")

    out = folder / "worker.json"
    steps = _Steps(spans)
    here: Any = grade
    before = engine.Grader, getattr(here, "find_mistakes", None)
    WatchedGrader.PROBE, WatchedGrader.OUT = probe, str(out)
    engine.Grader, here.find_mistakes = WatchedGrader, unnamed  # type: ignore[misc]
    try:
        make: Callable[[Path, int | None], Any] = lambda template, workers: SealedEngine(1)  # noqa: E731
        grade.grade_class(workload.course(folder), workload.assignment, workers=1, factory=make, shown=steps)
    finally:
        engine.Grader, here.find_mistakes = before  # type: ignore[misc]
    said = json.loads(out.read_text(encoding="utf-8"))
    return _Run(read_records(said["errors"]), said, steps.taken)


class _Steps:
    """Take the CPU time of this process, the clock and the table as each submission is done."""

    def __init__(self, spans: Spans) -> None:
        self.spans = spans
        self.taken: list[dict[str, Any]] = []

    def __enter__(self) -> _Steps:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, total: int, *_: object) -> None:
        pass

    def step(self, *_: object) -> None:
        now = {"cpu": time.process_time(), "clock": time.monotonic(), "spans": self.spans.so_far()}
        self.taken.append(now)


def _parts(records: Iterable[dict[str, Any]], count: int) -> tuple[tuple[Part, ...], float]:
    """Turn what the pair's processes said into parts, the first submissions left out; and requests per submission."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        by_kind[record["who"]].append(record)
    examiners = by_kind["examiner"][WARM_UP : WARM_UP + count]
    pids = [record["pid"] for record in by_kind["examiner"]]
    ended = [record for record in by_kind["examiner ended"] if record["pid"] in pids]
    sandboxes = by_kind["sandbox ended"][WARM_UP : WARM_UP + count]
    whole = ended[WARM_UP : WARM_UP + count]
    above = _difference(ended[WARM_UP - 1]["parent"], whole[-1]["parent"], len(whole))
    watching = _difference(by_kind["sandbox ended"][WARM_UP - 1]["parent"], sandboxes[-1]["parent"], len(sandboxes))
    spent = [(sum(s for _, s in record["spans"].values()), record["cpu"]) for record in examiners]
    examiner = _mean("examiner", examiners, [record["cpu"] for record in whole], [r["minflt"] for r in whole])
    examiner.rows["other Python before the end"] = (statistics.fmean(cpu - told for told, cpu in spent) * 1e3, 1)
    examiner.rest = "its end (memory given back)"
    said = [{"spans": record["said"].get("spans", {})} for record in sandboxes]
    sandbox = _mean("sandbox", said, [r["cpu"] for r in sandboxes], [r["minflt"] for r in sandboxes])
    other = statistics.fmean(
        r["said"]["cpu"] - sum(s for _, s in r["said"]["spans"].values()) for r in sandboxes if r["said"]
    )
    sandbox.rows["receive, send, and the probe itself"] = (other * 1e3, 1)
    sandbox.rest = "its end (namespaces and memory given back)"
    requests = statistics.fmean(
        sum(n for label, (n, _) in record["spans"].items() if label.startswith("message ")) for record in examiners
    )
    parts = (
        Part("examiner's parent", above[0], above[1], rest="select, wait"),
        examiner,
        Part("zygote", watching[0], watching[1], rest="poll loop"),
        sandbox,
    )
    return parts, requests


def _named(records: list[dict[str, Any]], setup: set[str]) -> list[dict[str, Any]]:
    """Call the cells that a sandbox ran by their role instead of their number."""
    for record in records:
        spans = record.get("said", {}).get("spans", {})
        for label in [label for label in spans if label.startswith("run cell ")]:
            calls, seconds = spans.pop(label)
            entry = spans.setdefault("run the setup cell" if label in setup else "run the student's cells", [0, 0.0])
            entry[0] += calls
            entry[1] += seconds
    return records


def _difference(
    first: dict[str, Any], last: dict[str, Any], count: int
) -> tuple[float, dict[str, tuple[float, float]]]:
    rows = {}
    for label, (calls, seconds) in last["spans"].items():
        calls_then, seconds_then = first["spans"].get(label, (0, 0.0))
        rows[label] = ((seconds - seconds_then) / count * 1e3, (calls - calls_then) / count)
    return (last["cpu"] - first["cpu"]) / count * 1e3, rows


def _mean(name: str, records: list[dict[str, Any]], cpu: list[float], faults: list[int]) -> Part:
    rows: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for record in records:
        for label, (calls, seconds) in record["spans"].items():
            rows[label][0] += seconds * 1e3 / len(records)
            rows[label][1] += calls / len(records)
    table = {label: (ms, calls) for label, (ms, calls) in rows.items()}
    return Part(name, statistics.fmean(cpu) * 1e3, table, statistics.fmean(faults))


def _memory(workload: Workload, count: int) -> dict[str, float]:
    """Return the most private memory (MB) of an examiner and a sandbox at their ends, and of both together."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        make_class(workload, Path(name), count + WARM_UP)
        records = _grade(workload, Path(name), "benchmarks.probe_memory", Spans()).records
    sizes = [(r["examiner"], r["sandbox"]) for r in records if r["who"] == "memory"][WARM_UP:]
    most = {"examiner": max(e for e, _ in sizes), "sandbox": max(s for _, s in sizes), "both": max(map(sum, sizes))}
    return {name: size / 1e6 for name, size in most.items()}


def _floor_ms(workload: Workload, folder: Path) -> float:
    import subprocess
    import sys

    out = folder / "floor.json"
    command = [sys.executable, "-m", "benchmarks.floor", workload.root, workload.assignment, folder, out]
    subprocess.run([str(part) for part in command], check=True, cwd=HERE.parent)
    return statistics.fmean(json.loads(out.read_text(encoding="utf-8"))["cpu"][WARM_UP:]) * 1e3


def render(profile: Profile) -> str:
    """Return the profile as text."""
    over = profile.total_ms - profile.floor_ms
    lines = [
        f"Workload {profile.workload}: mean of {profile.count} submissions, milliseconds of CPU each.",
        f"All processes {profile.total_ms:.1f} ms, floor {profile.floor_ms:.1f} ms, over the floor {over:.1f} ms. "
        f"By the clock {profile.wall_ms:.1f} ms. Requests {profile.requests:.0f}.",
    ]
    if profile.private_mb:
        sizes = ", ".join(f"{name} {size:.1f} MB" for name, size in profile.private_mb.items())
        lines.append(f"Private memory at the end, largest: {sizes}.")
    for part in profile.parts:
        faults = "" if part.page_faults is None else f", {part.page_faults:,.0f} page faults"
        lines += ["", f"{part.name}  {part.total_ms:.2f} ms{faults}"]
        for label, (ms, calls) in sorted(part.rows.items(), key=lambda row: -row[1][0]):
            lines.append(f"  {ms:8.2f}  {label}" + (f"  ×{calls:.1f}" if round(calls, 2) != 1 else ""))
        lines.append(f"  {part.rest_ms:8.2f}  {part.rest}")
    if profile.missing:
        lines += ["", "Not timed, since the engine has no such function now: " + ", ".join(profile.missing)]
    return "\n".join(lines)
