"""Say what a check gave, from how its cell ended: the same words whichever engine ran it.

A student reads ``message``; nothing of a hidden check's text or values may reach it. Staff read ``detail``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.engines.telling import told_class, told_text
from autograder.model import Check, CheckResult, Outcome

__all__ = ["TRY_IT", "CellEnd", "judge"]

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_NO_FILE = re.compile(r"(?<=\()[^()]*?, (?=line \d+\)$)")  # a SyntaxError names a temporary file
_FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_MEMORY = ("MemoryError", "can't allocate memory", "not enough memory", "CUDA out of memory", "OutOfMemoryError")
_MOST_CHARS = 4000


@dataclass(frozen=True)
class CellEnd:
    """How one executed cell ended, after so many ``seconds`` of CPU; without ``error`` and ``limit`` it ended well."""

    error: str = ""
    text: str = ""
    traceback: str = ""
    limit: Outcome | None = None
    seconds: float = 0.0


def judge(check: Check, end: CellEnd, answer: CellEnd, unwritten: bool, own_cells: Mapping[int, str]) -> CheckResult:
    """Turn the end of a check's cell into its result.

    Args:
        check: the check.
        end: how its cell ended.
        answer: how the task's answer cell ended.
        unwritten: the answer is still the released stub.
        own_cells: the text of the student's own cells by execution count.
    """

    def result(outcome: Outcome, message: str = "") -> CheckResult:
        points = check.points if outcome is Outcome.PASSED else 0.0
        message = message if len(message) <= _MOST_CHARS else message[:_MOST_CHARS] + " …"
        detail = f"{end.error}: {end.text}\n{_ANSI.sub('', end.traceback)}".strip(": \n")[-20_000:]
        return CheckResult(check.id, outcome, points, check.points, message, detail, round(end.seconds, 3))

    if not end.error and end.limit is None:
        return result(Outcome.PASSED)
    if unwritten:
        return result(
            Outcome.ERROR, f"`{check.task}` is not written yet: its cell is still the one that was handed out."
        )
    before = _answer_trouble(check.task, answer)
    if end.limit is not None:
        return result(end.limit, " ".join(filter(None, [_LIMITS[end.limit], before])))
    if end.error == "CheckFailed":
        return result(Outcome.FAILED, end.text)
    if any(sign in end.error or sign in end.text for sign in _MEMORY):
        return result(Outcome.MEMORY_LIMIT, _LIMITS[Outcome.MEMORY_LIMIT])
    if end.error == "CannotBeChecked":
        return result(Outcome.ERROR, f"What your code gave cannot be checked: {end.text}.")
    if end.error == "NameError" and before:
        return result(Outcome.ERROR, before)
    kind, text = end.error, end.text
    if not check.public:
        kind, text = told_class(kind, own_cells), told_text(text, own_cells)
    said = f"Your code raised {kind}" + (f": {text}" if text else "")
    where = _where(end, own_cells)
    called = _PARAMETERS if end.error == "TypeError" and not where and not check.public else ""
    said = " ".join(filter(None, [said.rstrip(".") + where + ".", called, before]))
    return result(Outcome.ERROR, said if check.public or before else f"{said}\n{TRY_IT}")


_LIMITS = {
    Outcome.TIME_LIMIT: "This took too long and was stopped. Look for a loop that does not end or runs far too often.",
    Outcome.MEMORY_LIMIT: "This needed more memory than it may use. Look for an array far larger than it need be.",
    Outcome.OUTPUT_LIMIT: "This printed too much and was stopped. Remove the prints from your function.",
    Outcome.CRASHED: "The process ended suddenly while this ran. Look for calls that end or crash Python.",
}


TRY_IT = "Next: call your function in a cell of your own, on an input of the kind that the check's title names."
_PARAMETERS = (
    "This happened outside of its own lines: perhaps it no longer takes the parameters that its cell had when it was "
    "handed out, or it returns something of another type than the statement asks for."
)


def _answer_trouble(task: str, answer: CellEnd) -> str:
    if answer.limit is not None:
        return f"The cell `{task}` itself did not finish: {_LIMITS[answer.limit][0].lower()}{_LIMITS[answer.limit][1:]}"
    if answer.error:
        text = _NO_FILE.sub("", answer.text)[:500]
        said = f"{answer.error}: {text}" if text else answer.error
        return f"The cell `{task}` itself stopped with {said}. Run it in Jupyter and fix that first."
    return ""


def _where(end: CellEnd, own_cells: Mapping[int, str]) -> str:
    """Name the line of the student's own code that is nearest to the error."""
    for number, line in reversed(_FRAME.findall(_ANSI.sub("", end.traceback))):
        lines = own_cells.get(int(number), "").splitlines()
        if 0 < int(line) <= len(lines):
            return f" in line {line} of your cell: `{lines[int(line) - 1].strip()[:200]}`"
    return ""
