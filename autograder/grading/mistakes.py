"""Name the known mistake that a failed task shows.

The entries of ``solutions/NN/wrong/TASK.py`` are mistakes with a name. Each is graded by the engine that grades the
class; what its checks say is its signature. A task of a submission shows a mistake when the same checks fail and say
the same. Nothing is named on thin evidence: a task that was not written, ran into a limit or only raised errors has no
signature, and one that more than two mistakes share names none of them. Runs in the coordinator; the author's files are
trusted.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.answers import KnownAnswer
from autograder.assignment.cells import grade_id, is_check, squeeze
from autograder.assignment.material import Material
from autograder.course import Course
from autograder.engines.contract import Engine, Graded, Job, Limits
from autograder.files import write_atomically
from autograder.grading.conditions import Conditions
from autograder.model import Assignment, CheckResult, Outcome, Submission, SubmissionResult, Task
from autograder.parsing import parse
from autograder.progress import Progress
from autograder.submissions.intake import IntakeCell, IntakeResult, Release, repair

__all__ = ["Mistake", "NamedMistakes", "find_mistakes", "jobs_for", "signature"]

_MOST_SHARED = 2
_NEVER = ("NotImplementedError", "NameError", "SyntaxError", "IndentationError", "TabError")
_ROUNDING = 1e-4  # below this, differences are rounding errors, which depend on the order of a sum
_DIFFERENCE = re.compile(r"Mismatched elements [^(]*\([^)]*\)\. Greatest absolute difference (\S+) at index \([^)]*\)")
_EVIDENCE = re.compile(r"^Evidence: \w+$", re.MULTILINE)  # of what the student's function gave: see convlab.messages
_PERSONAL = (
    (re.compile(r" in line \d+ of your cell: `[^`]*`"), ""),
    (re.compile(r" in the line `[^`]*`"), ""),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "0x"),
    (re.compile(r"took [\d.]+ times"), "took too many times"),
    (re.compile(r"\b[\d.]+ (ms|s|seconds)\b"), "some time"),
)


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: ``sentence`` is for the student, ``shows`` the signature of its task."""

    task: str
    name: str
    sentence: str
    shows: str


class NamedMistakes:
    """The known mistakes of an assignment, by what they show."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        self._by_sign: dict[tuple[str, str], list[Mistake]] = {}
        for mistake in self.mistakes:
            if mistake.shows:
                self._by_sign.setdefault((mistake.task, mistake.shows), []).append(mistake)

    def matching(self, task: Task, checks: Mapping[str, CheckResult]) -> list[Mistake]:
        """Return the mistakes that the results of a task match."""
        shown = signature(task, checks)
        return self._by_sign.get((task.name, shown), []) if shown else []

    def named(self, assignment: Assignment, result: SubmissionResult) -> SubmissionResult:
        """Return ``result`` with the sentence in every failed check of a task that shows a mistake, and in no other."""
        checks = {check.check: check for check in result.checks}
        for task in assignment.tasks:
            found = self.matching(task, checks)
            text = " Or: ".join(mistake.sentence for mistake in found) if len(found) <= _MOST_SHARED else ""
            for check in task.checks:
                if check.id in checks:
                    failed = checks[check.id].outcome is not Outcome.PASSED
                    checks[check.id] = replace(checks[check.id], mistake=text if failed else "")
        return replace(result, checks=tuple(checks[check.check] for check in result.checks))


def signature(task: Task, checks: Mapping[str, CheckResult]) -> str:
    """Return which checks of ``task`` failed and what they said, less what differs between two students' files.

    Empty where that says too little to name a mistake.
    """
    failed = [checks[c.id] for c in task.checks if c.id in checks and checks[c.id].outcome is not Outcome.PASSED]
    said = [_said(check) for check in failed]
    complete = all(check.id in checks for check in task.checks)
    # A check that compares with a bare assert ends in an error: what it says is as good.
    compared = any(c.outcome is Outcome.FAILED or c.detail.startswith("AssertionError: ") for c in failed)
    telling = complete and all(said) and compared
    return "\n".join(said) if telling else ""


def _said(check: CheckResult) -> str:
    """Return what one failed check says, or an empty text where it may mean anything."""
    if check.outcome is Outcome.FAILED:
        text = "\n".join([check.message, *_EVIDENCE.findall(check.detail)])
    elif check.outcome is Outcome.ERROR and not check.detail.startswith(_NEVER):
        # A hidden check's message leaves out what the error says; it tells one wrong shape from another.
        text = f"{check.message.partition(' in line ')[0]} {check.detail.partition(chr(10))[0][:500]}"
    else:
        return ""
    for pattern, put in _PERSONAL:
        text = pattern.sub(put, text)
    text = _DIFFERENCE.sub(lambda m: "Rounding errors" if _small(m[1]) else m[0], text)
    return f"{check.check} {check.outcome}: {text}"


def _small(number: str) -> bool:
    try:
        return abs(float(number)) < _ROUNDING
    except ValueError:
        return False


def find_mistakes(course: Course, conditions: Conditions, shown: Progress) -> NamedMistakes:
    """Return the mistakes of an assignment: those that were found before, if nothing has changed, else found anew.

    They are graded under the ``conditions`` of the class; ``shown`` is told how far this has come.

    Raises:
        EngineError: they could not be graded.
    """
    material = conditions.material
    answers, _ = material.known_answers()
    wrong = [answer for answer in answers if answer.kind == "wrong" and answer.sentence]
    if not wrong:
        return NamedMistakes(())
    parts = hashlib.sha256(conditions.deciding + repr((sorted(conditions.texts.items()), wrong)).encode())
    code = [cell for cell in material.notebook.cells if cell.cell_type == "code" and not is_check(cell)]
    parts.update(repr([(grade_id(cell), cell.source) for cell in code]).encode())
    fingerprint, path = parts.hexdigest(), course.directory / ".autograder" / "mistakes" / f"{material.name}.json"
    stored = _load(path, fingerprint)
    if stored is None:
        plan = jobs_for(material, conditions.release, wrong, conditions.limits)
        found = _graded(material, conditions.engine, plan, shown)
        stored = NamedMistakes(sorted(found, key=lambda mistake: (mistake.task, mistake.name)))
        data = {"fingerprint": fingerprint, "mistakes": [vars(mistake) for mistake in stored.mistakes]}
        write_atomically(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return stored


def _load(path: Path, fingerprint: str) -> NamedMistakes | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["fingerprint"] != fingerprint:
            return None
        return NamedMistakes(Mistake(**one) for one in data["mistakes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def jobs_for(
    material: Material,
    release: Release,
    wrong: Sequence[KnownAnswer],
    limits: Limits,
) -> list[tuple[Job, list[KnownAnswer]]]:
    """Return jobs that together grade all of ``wrong``, several of different tasks in one, and who is in which.

    An answer that uses another task's function gets a job to itself, with the reference's answers beside it.
    """
    assignment, source = material.assignment, material.source
    tasks = {task.name: [check.id for check in task.checks] for task in assignment.tasks}
    shared: list[dict[str, KnownAnswer]] = []
    alone: list[dict[str, KnownAnswer]] = []
    for answer in wrong:
        if _names(answer.code) & (tasks.keys() - {answer.task}):
            alone.append({answer.task: answer})
            continue
        free = next((group for group in shared if answer.task not in group), None)
        if free is None:
            shared.append({answer.task: answer})
        else:
            free[answer.task] = answer
    jobs = []
    stubs = repair(json.dumps(release.notebook).encode(), release).cells
    for number, group in enumerate([*shared, *alone]):
        others = material.reference if number >= len(shared) else {}
        cells = tuple(_with(cell, group, others) for cell in stubs)
        who = Submission(f"known-mistakes-{number + 1}", assignment.name, source)
        checks = frozenset(check for task in group for check in tasks[task])
        job = Job(who, "", IntakeResult(cells), release.build(cells), assignment, source, limits, checks)
        jobs.append((job, list(group.values())))
    return jobs


def _with(cell: IntakeCell, group: Mapping[str, KnownAnswer], others: Mapping[str, str]) -> IntakeCell:
    text = group[cell.id].code if cell.id in group else others.get(cell.id)
    return cell if cell.role != "student" or text is None else replace(cell, source=text, unwritten=False)


def _names(code: str) -> set[str]:
    """Return the names that ``code`` uses and does not define itself."""
    tree = parse(code)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)} - own


def _graded(
    material: Material,
    engine: Engine,
    plan: list[tuple[Job, list[KnownAnswer]]],
    shown: Progress,
) -> Iterator[Mistake]:
    groups = {job.submission.student: group for job, group in plan}
    tasks = {task.name: task for task in material.assignment.tasks}
    shown.begin(len(plan), "Learning known mistakes")
    with closing(_stream(engine, [job for job, _ in plan])) as stream:
        for graded in stream:
            checks = graded.result.by_check
            for answer in groups[graded.result.student]:
                told = any(line in squeeze(answer.sentence) for line in material.hidden)
                shows = "" if told else signature(tasks[answer.task], checks)
                yield Mistake(answer.task, answer.name, answer.sentence, shows)
            shown.step("")


def _stream(engine: Engine, jobs: list[Job]) -> Generator[Graded, None, None]:
    yield from engine.grade(jobs)
