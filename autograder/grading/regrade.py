"""Decide which checks of a submission must run again, and put their results beside those that stand.

A check's result depends on the engine, on the student's cells and on the check's own text. Each result carries a hash
of these. Titles, statements and points are not among them: a change of these runs nothing. Runs in the coordinator; of
what it reads, only the former executed notebook is untrusted, and no mark depends on that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.assignment.cells import grade_id, is_check
from autograder.assignment.dependencies import names_of
from autograder.assignment.material import Material
from autograder.model import Assignment, CheckResult, Note, Outcome, SubmissionResult
from autograder.submissions.intake import IntakeCell

__all__ = ["Regrade", "check_keys", "check_texts"]

_STEADY = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)


class Regrade:
    """What grading a submission again takes: ``wanted`` are the checks to run, None for all.

    Args:
        material: the assignment as it is now.
        keys: from ``check_keys``.
        former: the stored result, if there is one.
        notebook: the file that holds the former executed notebook.
    """

    def __init__(
        self,
        material: Material,
        keys: Mapping[str, str],
        former: SubmissionResult | None,
        notebook: Path,
    ) -> None:
        self.material, self.assignment, self.keys = material, material.assignment, keys
        self.wanted: frozenset[str] | None = None
        if former is not None and notebook.is_file():
            wanted = _stale(material, former, keys)
            self.wanted = wanted if len(wanted) < len(self.assignment.checks) else None
        self.former = former
        self.path = notebook

    def unchanged(self, key: str, notes: tuple[Note, ...]) -> SubmissionResult:
        """Return the former result as it counts now, where nothing is wanted."""
        assert self.former is not None
        return self._now(replace(self.former, key=key, notes=notes))

    def finished(self, fresh: SubmissionResult) -> SubmissionResult:
        """Return ``fresh``, which has the wanted checks or more, with the former results of all others."""
        if self.wanted is None or self.former is None:
            return self._now(fresh)
        new, old = fresh.by_check, self.former.by_check
        checks = tuple((new if c.id in self.wanted else old)[c.id] for c in self.assignment.checks)
        return self._now(replace(fresh, checks=checks))

    def executed(self, notebook: dict[str, Any] | bytes) -> dict[str, Any] | bytes:
        """Return the executed ``notebook`` with the former outputs of the checks that were not run."""
        former = None if self.wanted is None else self._former()
        if former is None:
            return notebook
        fresh = json.loads(notebook) if isinstance(notebook, bytes) else notebook
        return _with_outputs(fresh, former, self.material, self.wanted or frozenset())

    def answers_changed(self, notebook: dict[str, Any]) -> bool:
        """Say whether the student wrote anything, text included, that was not in the former notebook."""
        former = None if self.wanted is None else self._former()
        return former is None or _own(notebook) != _own(former)

    def _former(self) -> dict[str, Any] | None:
        """Return the former executed notebook; one that somebody has damaged is none, and marks do not depend on it."""
        try:
            former = json.loads(self.path.read_text(encoding="utf-8"))
            for _, cell in _numbered(former):
                cell["source"], cell["cell_type"] = "".join(cell["source"]), str(cell["cell_type"])
            return dict(former)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _now(self, result: SubmissionResult) -> SubmissionResult:
        return _with_points(self.assignment, result, self.keys)


def check_texts(material: Material) -> dict[str, str]:
    """Return what decides the outcome of each check: its text, and that of the checks that it builds on.

    The first line is a title and is left out.
    """
    own = {name: text.partition("\n")[2] for name, text in _checks(material)}
    below = _bases(material)
    return {name: "\0".join([text, *(own[one] for one in sorted(below[name]))]) for name, text in own.items()}


def _checks(material: Material) -> list[tuple[str, str]]:
    """Return name and text of each check, in the notebook's order."""
    return [(grade_id(cell), str(cell.source)) for cell in material.notebook.cells if is_check(cell)]


def _bases(material: Material) -> dict[str, frozenset[str]]:
    """Return for each check the earlier ones that bind names it uses, at any remove: they must run before it."""
    found: dict[str, frozenset[str]] = {}
    binders: dict[str, set[str]] = {}
    for name, text in _checks(material):
        free, bound = names_of(text)
        direct = frozenset(check for used in free for check in binders.get(used, ()))
        found[name] = direct.union(*(found[check] for check in direct))
        for one in bound:
            binders.setdefault(one, set()).add(name)
    return found


def check_keys(deciding: bytes, texts: Mapping[str, str], cells: Iterable[IntakeCell]) -> dict[str, str]:
    """Return the key of every check.

    Args:
        deciding: a hash of what is the same for all: engine, limits, libraries.
        texts: from ``check_texts``.
        cells: the repaired submission.
    """
    base = hashlib.sha256(deciding)
    for cell in cells:
        if cell.kind == "code":
            base.update(repr((cell.role, cell.id, "" if cell.role == "check" else cell.source)).encode())
    keys = {}
    for check, text in texts.items():
        own = base.copy()
        own.update(f"{check}\0{text}".encode())
        keys[check] = own.hexdigest()
    return keys


def _stale(material: Material, stored: SubmissionResult, keys: Mapping[str, str]) -> frozenset[str]:
    """Return the checks that ``stored`` has no standing result for, with those that must run for them.

    A limit that was hit touches a task's other checks, so such a task runs wholly or not at all.
    """
    assignment = material.assignment
    standing = {check.check: check for check in stored.checks if check.key and check.key == keys.get(check.check)}
    wanted = {check.id for check in assignment.checks if check.id not in standing}
    for task in assignment.tasks:
        ids = {check.id for check in task.checks}
        if ids & wanted and any(check.check in ids and check.outcome not in _STEADY for check in stored.checks):
            wanted |= ids
    below = _bases(material)
    return frozenset(wanted).union(*(below[check] for check in wanted))


def _with_points(assignment: Assignment, result: SubmissionResult, keys: Mapping[str, str]) -> SubmissionResult:
    """Return ``result`` with the keys of its checks and with the points that the assignment gives for them now."""
    worth = {check.id: check.points for check in assignment.checks}

    def now(check: CheckResult) -> CheckResult:
        most = worth[check.check]
        points = most if check.outcome is Outcome.PASSED else 0.0
        same = abs(check.points - points) < 1e-9 and abs(check.max_points - most) < 1e-9
        if same and check.key == keys[check.check]:
            return check
        return replace(check, points=points, max_points=most, key=keys[check.check])

    return replace(result, checks=tuple(now(check) for check in result.checks))


def _with_outputs(
    notebook: dict[str, Any], former: dict[str, Any], material: Material, ran: frozenset[str]
) -> dict[str, Any]:
    """Return the executed ``notebook`` with the outputs of ``former`` in the checks that have not been run.

    Where nothing ``ran``, the student's cells have their former outputs too. Tests are shown in full, for staff.
    """
    texts = dict(_checks(material))
    before = dict(_numbered(former))
    cells = []
    for name, cell in _numbered(notebook):
        old = before.get(name)
        cell = {**cell, "source": texts.get(name, cell["source"])}
        both_code = old is not None and cell["cell_type"] == old["cell_type"] == "code"
        if old is not None and both_code and (not ran or (name in texts and name not in ran)):
            cell |= {"outputs": old.get("outputs", []), "execution_count": old.get("execution_count")}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _own(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    cells = [(name, cell["source"], cell["metadata"].get("nbgrader")) for name, cell in _numbered(notebook)]
    return [(name, text) for name, text, about in cells if not about or about.get("solution")]


def _numbered(notebook: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each cell with its name; the cells that a student added are numbered."""
    extra = 0
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        extra += not name
        yield name or f"#{extra}", cell
