"""The rules for an assignment's source, each with the sentence that tells its author what to write.

A task ``conv2d`` is a statement ``conv2d-statement``, an answer cell ``conv2d``, a visible check ``conv2d-public`` and
at least one hidden check; ``conv2d-helpers`` are definitions that its hidden checks share. Cells that a person grades
may stand anywhere; a name like ``conv2d-why`` adds their points to the task ``conv2d``.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import convlab
from autograder.assignment.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_SOLUTION,
    HEADING,
    regions,
)
from autograder.assignment.dependencies import names_of
from autograder.assignment.script import Part, Role, forbidden_names, stop
from autograder.parsing import parse
from convlab.forbidden import forbid

__all__ = ["check_rules"]

# Calls of ours that end a check and show nothing.
RETURN_NOTHING = {
    "print",
    *(f"checks.{name}" for name in ("agrees", "close", "equal", "gradients_close", "raises", "refuses", "shape")),
    "checks.grad_mode_kept",
    "checks.network_kept",
}


def check_rules(parts: Sequence[Part], path: Path, setup: str = "") -> None:
    """Raise SourceError for the first rule that the ``parts`` of the source ``path`` break.

    ``setup`` is the shared setup cell, which runs before all of them.
    """
    for name, count in Counter(part.name for part in parts if part.name).items():
        if count > 1:
            stop(path, name, f"{count} cells have this name.", "Give each its own.")
    for part in parts:
        check_markers(part, path)
        if part.role in (Role.PUBLIC, Role.HIDDEN):
            check_check(part, path)
        if part.role in (Role.ANSWER, Role.HELPERS, Role.SHOWN):
            python(part, path)
    if not any(part.role is Role.ANSWER for part in parts):
        graded = next((part.task for part in parts if part.role in (Role.PUBLIC, Role.HIDDEN)), "1")
        stop(path, graded, "the source has no answer cell.", "Add one: # %% TASK, with a solution region in it.")
    answers = [part for part in parts if part.role is Role.ANSWER]
    for answer in answers:
        check_task(answer, [part for part in parts if part.task == answer.name], path)
    tasks = {answer.name for answer in answers}
    for part in parts:
        if part.role in (Role.STATEMENT, Role.PUBLIC, Role.HIDDEN, Role.HELPERS) and part.task not in tasks:
            stop(path, part.task, "the task has no answer cell.", f"Add it: # %% {part.task}")
    check_names(parts, path, setup)
    blocks = [part.task for part in parts if part.task in tasks]
    changes = [blocks[0], *(after for before, after in pairwise(blocks) if before != after)]
    for task, count in Counter(changes).items():
        if count > 1:
            stop(
                path,
                task,
                "the task's cells are not together.",
                "Put statement, answer and checks one after the other.",
            )


def check_markers(part: Part, path: Path) -> None:
    """Ask that solution markers pair up in answers, with something between them, and that hidden tests have none."""
    name = part.name or part.text[:30]
    if "BEGIN HIDDEN" in part.text or "END HIDDEN" in part.text:
        hint = "Remove the line: all checks but the public one are hidden."
        stop(path, name, f"it holds {BEGIN_HIDDEN!r} or its END, which are generated.", hint)
    lines = [line.strip() for line in part.text.splitlines() if "BEGIN SOLUTION" in line or "END SOLUTION" in line]
    if lines != [BEGIN_SOLUTION, END_SOLUTION] * (len(lines) // 2):
        hint = f"Write {BEGIN_SOLUTION!r} and {END_SOLUTION!r}, each on its own line."
        stop(path, name, "BEGIN SOLUTION and END SOLUTION do not pair up.", hint)
    if lines and not "".join(regions(part.text, BEGIN_SOLUTION, END_SOLUTION)[1]).strip():
        hint = "Write it, or remove the markers."
        stop(path, name, f"nothing stands between {BEGIN_SOLUTION!r} and {END_SOLUTION!r}.", hint)
    if lines and part.role not in (Role.ANSWER, Role.MANUAL):
        stop(path, name, "it holds a solution but is not an answer cell.", f"An answer's header is: # %% {part.task}")


def check_task(answer: Part, own: Sequence[Part], path: Path) -> None:
    """Ask that a task is whole, that its checks are in order, and that its statement leaves the heading to the tool."""
    task = answer.name
    by_name = {part.name: part for part in own}
    parts = (("statement", f"{task}-statement [markdown]"), ("public check", f"{task}-public points=1"))
    for part, header in parts:
        if header.partition(" ")[0] not in by_name:
            stop(path, task, f"the task has no {part}.", f"Add a cell: # %% {header}")
    statement = by_name[f"{task}-statement"]
    if (heading := HEADING.match(statement.text.lstrip())) is not None:
        hint = f"Remove {heading[0].strip()!r}: number, name and points are generated."
        stop(path, statement.name, "the statement begins with a heading.", hint)
    if not statement.text.strip():
        stop(path, statement.name, "the statement is empty.", "Say what the task is.")
    if BEGIN_SOLUTION not in answer.text:
        stop(
            path,
            task,
            "the answer cell has no solution region.",
            f"Put the body between {BEGIN_SOLUTION!r} and its END.",
        )
    checks = [part for part in own if part.role in (Role.PUBLIC, Role.HIDDEN)]
    if checks[0].role is not Role.PUBLIC:
        stop(path, checks[0].name, f"it comes before {task}-public.", "Put the public check first.")
    if not any(part.role is Role.HIDDEN for part in checks):
        stop(path, task, "the task has no hidden check.", f"Add a cell: # %% {task}-more points=3")
    tests = [part for part in own if part.role in (Role.PUBLIC, Role.HIDDEN, Role.HELPERS)]
    forbids = [part.name for part in tests if "forbidden" in names_of(part.text)[0]]
    if forbids and "forbid" not in answer.options:
        hint = f'Write what is forbidden once: # %% {task} forbid="convolution"'
        stop(path, forbids[0], "it uses `forbidden`, and the answer's header forbids nothing.", hint)
    if "forbid" in answer.options:
        try:
            forbid(*forbidden_names(answer))
        except ValueError as error:
            stop(path, task, f"its header forbids what is not known: {error}", "A group is one word, a name has a dot.")
    if "forbid" in answer.options and not forbids:
        hint = "Use it in a check: rules.from_scratch(…, forbid=forbidden)."
        stop(path, task, "no check uses what its header forbids.", hint)
    helpers = by_name.get(f"{task}-helpers")
    if helpers is None:
        return
    helped = names_of(helpers.text)[1]
    public = names_of(by_name[f"{task}-public"].text)[0] & helped
    if public:
        hint = "Define it in the public check: students do not get the helpers."
        stop(path, f"{task}-public", f"it uses `{min(public)}` of {helpers.name}.", hint)
    if not any(names_of(part.text)[0] & helped for part in checks):
        stop(path, helpers.name, "no hidden check of the task uses it.", "Use it, or remove it.")


def check_check(part: Part, path: Path) -> None:
    """Ask that a check has a title, is Python with something in it, and shows no value."""
    first, _, _ = part.text.partition("\n")
    if not first.startswith("#") or not first.strip("# "):
        hint = "Begin with a comment that says what is checked, for students."
        stop(path, part.name, "the first line is not a comment.", hint)
    body = python(part, path)
    if not body:
        stop(path, part.name, "the check checks nothing.", f"Write tests below {first!r}.")
    for name in sorted(set(re.findall(r"\b(?:checks|rules)\.\w+", ast.unparse(ast.Module(body, []))))):
        module, _, found = name.partition(".")
        if found not in public_names(module):
            near = difflib.get_close_matches(found, public_names(module), 3, 0.5) or public_names(module)
            stop(path, part.name, f"there is no {name}.", f"Correct the name; near it: {', '.join(near)}.")
    if isinstance(body[-1], ast.Expr) and not _returns_nothing(body[-1].value):
        stop(
            path,
            part.name,
            f"it ends in an expression, {ast.unparse(body[-1])[:40]!r}, whose value the notebook shows.",
            "Assign it to a name: nbgrader takes a number that a check shows for the points it gave.",
        )


@cache
def public_names(module: str) -> tuple[str, ...]:
    """Return what ``convlab.checks`` or ``convlab.rules`` offers, without importing it: torch takes seconds to load."""
    body = parse(Path(convlab.__path__[0], f"{module}.py").read_text(encoding="utf-8")).body
    lists = (node.value for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
    return tuple(str(name) for names in lists for name in ast.literal_eval(names))


def python(part: Part, path: Path) -> list[ast.stmt]:
    """Return the statements of a part that must be Python."""
    try:
        return parse(part.text).body
    except SyntaxError as error:
        stop(path, part.name, f"line {error.lineno} is not Python: {error.msg}.", "Correct it.")


def _returns_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in RETURN_NOTHING


def check_names(parts: Sequence[Part], path: Path, setup: str) -> None:
    """Ask that each name a cell uses is defined: before it, in its task's helpers, or by its header's ``forbid``."""
    known = {*dir(builtins), *names_of(setup)[1]}
    helpers = {part.task: names_of(part.text)[1] for part in parts if part.role is Role.HELPERS}
    for part in parts:
        if part.kind != "code" or part.role is Role.MANUAL:
            continue
        free, bound = names_of(part.text)
        own = {"forbidden"} | (helpers.get(part.task, set()) if part.role is Role.HIDDEN else set())
        later = bound if part.role in (Role.ANSWER, Role.HELPERS) else set()
        for name in sorted(free - known - own - later):
            hint = "Import or define it there or in the helpers, or correct the name."
            stop(path, part.name, f"it uses `{name}`, which nothing before it defines.", hint)
        if part.role is not Role.HELPERS:
            known |= bound
