"""The coordinator's loop: how much is in flight, what a deadly submission costs, what a worker is told."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment.release import generate
from autograder.assignment.source import load_assignment
from autograder.engines.choose import engine_factory
from autograder.engines.contract import Graded, Job
from autograder.engines.dispatch.dispatcher import _MOST_IN_A_TASK, _Run
from autograder.engines.sealed.engine import SealedEngine
from autograder.engines.sealed.grader import Grader
from autograder.engines.sealed.session import Rules
from autograder.errors import EngineError, UsageError
from autograder.installed import installed
from autograder.model import Submission
from autograder.submissions.intake import Release, repair
from tests.crash.classes import SOURCE
from tests.crash.light import LightEngine


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release.read(generate(SOURCE, out=tmp_path_factory.mktemp("release")))


def job(release: Release, student: str, answer: str) -> Job:
    notebook = json.loads(json.dumps(release.notebook))
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answer
    intake = repair(json.dumps(notebook).encode(), release)
    who = Submission(student, SOURCE.stem, Path("n.ipynb"))
    return Job(who, f"key of {student}", intake, release.build(intake.cells), load_assignment(SOURCE), SOURCE)


def test_a_submission_that_kills_its_workers_is_named_and_the_others_are_graded(release: Release) -> None:
    jobs = [job(release, f"s{n}", "poison" if n == 3 else "good") for n in range(6)]
    done: list[str] = []
    with pytest.raises(EngineError, match=r"^Not graded: s3 \(its worker died, again and again\)\. All others are"):
        done.extend(graded.result.student for graded in LightEngine().grade(jobs))
    assert sorted(done) == [f"s{n}" for n in range(6) if n != 3]


def test_quick_submissions_share_tasks_and_slow_ones_do_not(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    send = _Run._send

    def counting(run: _Run, jobs: list[Job]) -> object:
        sizes.append(len(jobs))
        if len(sizes) == 1:
            run.recent.extend([0.6] * 15)  # what is known of earlier ones: they were slow
        return send(run, jobs)

    monkeypatch.setattr(_Run, "_send", counting)
    jobs = [job(release, f"s{n}", "good") for n in range(60)]
    graded = [graded.result.student for graded in LightEngine().grade(jobs)]
    assert sorted(graded) == sorted(f"s{n}" for n in range(60))
    assert sizes[:8] == [1] * 8
    assert sizes[-4:-1] == [8] * 3
    assert sum(sizes) == 60


@pytest.mark.parametrize(("word", "reason"), [("poison", "its worker died, again and again"), ("riddle", "too hard")])
def test_those_that_share_a_task_with_a_bad_one_are_graded(release: Release, word: str, reason: str) -> None:
    jobs = [job(release, f"s{n}", word if n == 17 else "good") for n in range(24)]
    done: list[str] = []
    with pytest.raises(EngineError, match=rf"^Not graded: s17 \({reason}\)\. All others are"):
        done.extend(graded.result.student for graded in LightEngine().grade(jobs))
    assert sorted(done) == sorted(f"s{n}" for n in range(24) if n != 17)


def test_equal_submissions_are_not_taken_for_one(release: Release) -> None:
    same = job(release, "ada", "good")
    jobs = [dataclasses.replace(same, submission=dataclasses.replace(same.submission, student=s)) for s in "abc"]
    assert sorted(graded.result.student for graded in LightEngine().grade(jobs)) == ["a", "b", "c"]


def test_few_are_in_flight(release: Release) -> None:
    one = job(release, "ada", "good")
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield dataclasses.replace(one, submission=dataclasses.replace(one.submission, student=f"s{number}"))

    ahead = [taken - done for done, _ in enumerate(LightEngine().grade(jobs()))]
    assert len(ahead) == 40
    assert max(ahead) <= 2 * _MOST_IN_A_TASK  # one task at work and one waiting


def test_leaving_early_ends_the_workers(release: Release) -> None:
    import psutil

    before = set(psutil.Process().children(recursive=True))
    stream = LightEngine().grade([job(release, f"s{n}", "good") for n in range(20)])
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    left = [p for p in set(psutil.Process().children(recursive=True)) - before if "spawn_main" in " ".join(p.cmdline())]
    assert left == []


def test_workers_that_dask_gives_up_are_replaced(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[_Run] = []
    monkeypatch.setattr(_Run, "start", lambda run, start=_Run.start: (runs.append(run), start(run)))
    stream = LightEngine().grade([job(release, f"s{n}", "good") for n in range(12)])
    done = [next(stream).result.student]
    local = runs[0].cluster.local
    for worker in list(local.workers.values()):
        local.sync(worker.close)
    done += [graded.result.student for graded in stream]
    assert sorted(done) == sorted(f"s{n}" for n in range(12))


def test_a_worker_with_other_code_says_what_differs() -> None:
    grader = Grader((), Rules(), expected={**installed(), "torch": "1.0"})
    with pytest.raises(EngineError, match=r"its environment is another one: torch is .* there and 1\.0 here"):
        grader.start()


def test_cuda_asks_for_a_gpu_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.engines.dispatch import dispatcher

    asked: list[dict[str, float] | None] = []

    class Recorder:
        def __init__(self, *_: object, needs: dict[str, float] | None, **__: object) -> None:
            asked.append(needs)

        def grade(self, jobs: object) -> Iterator[Graded]:
            return iter(())

    monkeypatch.setattr(dispatcher, "Dispatcher", Recorder)
    for device in ("cpu", "cuda"):
        assert list(SealedEngine(device=device).grade([])) == []
    assert asked == [None, {"GPU": 1.0}]


def test_only_the_sealed_engine_takes_a_scheduler() -> None:
    with pytest.raises(UsageError, match="Add --engine sealed"):
        engine_factory("nbgrader", scheduler="tcp://127.0.0.1:8786")
