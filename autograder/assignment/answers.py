"""Read the answers whose worth is known: ``wrong/TASK.py`` and ``right/TASK.py`` beside an assignment's source.

A file lists calls, which are read and never run:

    mistake("ceil", "You rounded up; a window that does not fit is dropped.", old="room // s", new="-(-room // s)")
    mistake("ready_made", "You called torch's own convolution.", answer='''
    def conv2d(x, weight): …
    ''')

``right("name", "what is different", …)`` likewise. ``old`` and ``new`` are text of the reference and what stands in its
place (lists of equal length for several places); ``answer`` is a whole answer cell. With ``chapter="Residual Stem"``
in it, it begins with these functions and classes as the chapter's visible cells define them (``autograder.assignment.
chapter``), and ``answer`` is what a student writes below. Beside the mistakes, a line

    equivalent("return a + b -> return b + a", "A sum does not depend on the order.")

marks a mutant of the reference that no check can fail (see ``autograder.local.survivors``): the changed lines before
and after, as ``autograder verify --mutants`` prints them, or the name of an operator for all that it makes.
"""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.assignment.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.assignment.chapter import IMPORTS, definitions
from autograder.parsing import parse

__all__ = ["FEWEST_RIGHT", "FEWEST_WRONG", "Equivalent", "KnownAnswer", "equivalents", "known_answers"]

FEWEST_WRONG, FEWEST_RIGHT = 4, 2
CALLS: dict[str, AnswerKind] = {"mistake": "wrong", "right": "right"}

AnswerKind = Literal["reference", "release", "right", "wrong"]


@dataclass(frozen=True)
class KnownAnswer:
    """A whole assignment answered: the reference, but for the cell ``task`` (or all cells of the release)."""

    kind: AnswerKind
    name: str
    task: str = ""
    sentence: str = ""
    code: str = ""


@dataclass(frozen=True)
class Equivalent:
    """A mark that mutants of ``task`` do the same as the reference: an operator's name or a change, and the reason."""

    task: str
    what: str
    reason: str


class _Problem(Exception):
    """Say in one line what is wrong with a known answer, and what to write."""


def known_answers(folder: Path, reference: Mapping[str, str]) -> tuple[list[KnownAnswer], list[str]]:
    """Read ``folder/wrong`` and ``folder/right``; return the answers, and what is wrong with those files.

    ``reference`` is the text of each task's answer cell, in the order of the tasks.
    """
    answers: list[KnownAnswer] = []
    problems: list[str] = []
    for call, kind in CALLS.items():
        for path in sorted((folder / kind).glob("*.py")):
            shown, task = f"{folder.name}/{kind}/{path.name}", path.stem
            if task not in reference:
                problems.append(f"{shown}: {_misnamed(path, call, list(reference))}")
                continue
            taken: set[str] = set()
            for answer in _read(path, call, kind, task, without_markers(reference[task])):
                if isinstance(answer, _Problem):
                    problems.append(f"{shown}, {answer}")
                elif isinstance(answer, Equivalent):
                    continue
                elif answer.name in taken:
                    problems.append(f"{shown}, {answer.name}: the name stands twice; give each its own.")
                else:
                    taken.add(answer.name)
                    answers.append(answer)
        fewest = FEWEST_WRONG if kind == "wrong" else FEWEST_RIGHT
        for task in reference:
            count = sum(answer.kind == kind and answer.task == task for answer in answers)
            if count < fewest:
                problems.append(f"{folder.name}: task {task} has {count} {kind} answers; write at least {fewest}.")
    return answers, problems


def equivalents(folder: Path, reference: Mapping[str, str]) -> list[Equivalent]:
    """Return the marks in ``folder/wrong`` that are well formed; ``known_answers`` reports the others."""
    tasks = [task for task in reference if (folder / "wrong" / f"{task}.py").is_file()]
    read = [
        _read(folder / "wrong" / f"{task}.py", "mistake", "wrong", task, without_markers(reference[task]))
        for task in tasks
    ]
    return [one for marks in read for one in marks if isinstance(one, Equivalent)]


def without_markers(text: str) -> str:
    """Return the reference's answer cell as a student would have it: without the lines that mark the solution."""
    lines = [line for line in text.splitlines() if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION)]
    return "\n".join(lines).strip() + "\n"


def _misnamed(path: Path, call: str, tasks: list[str]) -> str:
    task, _, name = path.stem.partition("__")
    if name and task in tasks:
        return (
            f'this is the former form; write it into {path.parent.name}/{task}.py as {call}("{name}", "…", answer=…).'
        )
    return f"call it TASK.py, TASK one of {', '.join(tasks)}."


def _read(
    path: Path, call: str, kind: AnswerKind, task: str, reference: str
) -> Iterator[KnownAnswer | Equivalent | _Problem]:
    try:
        body = parse(path.read_text(encoding="utf-8")).body
    except (SyntaxError, ValueError) as error:
        at = f"line {error.lineno} is not Python: {error.msg}" if isinstance(error, SyntaxError) else str(error)
        yield _Problem(f"{at}.")
        return
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        del body[0]  # a docstring
    for statement in body:
        try:
            if kind == "wrong" and _calls(statement) == "equivalent":
                yield _equivalent(statement, task)
            else:
                yield _answer(statement, call, kind, task, reference, path.parents[1])
        except _Problem as problem:
            yield problem


def _answer(statement: ast.stmt, call: str, kind: AnswerKind, task: str, reference: str, folder: Path) -> KnownAnswer:
    form = f'{call}("name", "A sentence.", old="…", new="…") or {call}("name", "A sentence.", answer="…")'
    node = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != call:
        raise _Problem(f"line {statement.lineno}: only calls stand here; write {form}.")
    try:
        name, sentence = (ast.literal_eval(argument) for argument in node.args)
        options: dict[str, Any] = {str(word.arg): ast.literal_eval(word.value) for word in node.keywords}
    except ValueError:
        raise _Problem(f"line {statement.lineno}: a name and a sentence are missing; write {form}.") from None
    if not isinstance(name, str) or not re.fullmatch(r"\w+", name):
        raise _Problem(f"line {statement.lineno}: the name {name!r} is not one word of letters, digits and _.")
    if (
        not isinstance(sentence, str)
        or not re.fullmatch(r"\S.*[.!?]", sentence)
        or re.search(r"[.!?]\s+[A-Z]", sentence)
    ):
        raise _Problem(f"{name}: say it in one sentence, as a tutor would: {str(sentence)[:60]!r}.")
    if options.keys() not in ({"answer"}, {"answer", "chapter"}, {"old", "new"}):
        raise _Problem(f"{name}: write {form}.")
    code = _whole(options["answer"]) if "answer" in options else _edited(name, options, reference)
    if "chapter" in options:
        code = f"{IMPORTS}\n\n{_pasted(name, options['chapter'], folder)}\n\n\n{code}"
    try:
        parse(code)
    except (SyntaxError, ValueError) as error:
        raise _Problem(f"{name}: its code is not Python: {error}.") from None
    if ast.dump(parse(code)) == ast.dump(parse(reference)):
        raise _Problem(f"{name}: it is the reference; change something.")
    return KnownAnswer(kind, name, task, sentence, code)


def _pasted(name: str, wanted: object, folder: Path) -> str:
    """Return the definitions that the answer ``name`` takes from the chapter of the assignment in ``folder``."""
    names = str(wanted).split()
    try:
        return definitions(folder.parents[1] / "book", folder.name[:2], names)
    except KeyError as missing:
        raise _Problem(
            f"{name}: no visible cell of book/{folder.name[:2]}-*.md defines {missing}; "
            "copy the name from the page, or write the code into answer."
        ) from None
    except SyntaxError as error:
        raise _Problem(f"{name}: a visible cell of book/{folder.name[:2]}-*.md is not Python: {error.msg}.") from None


def _calls(statement: ast.stmt) -> str:
    """Return the name of what a line calls, "" where it is no plain call."""
    node = statement.value if isinstance(statement, ast.Expr) else None
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _equivalent(statement: Any, task: str) -> Equivalent:
    form = 'equivalent("old text -> new text", "The reason why it is the same.")'
    call = statement.value
    try:
        texts = [ast.literal_eval(one) for one in call.args]
    except ValueError:
        texts = []
    if not texts or call.keywords or len(texts) > 2 or not all(isinstance(one, str) for one in texts):
        raise _Problem(f"line {statement.lineno}: write {form}.")
    what, reason = (" ".join(one.split()) for one in (*texts, "")[:2])
    if not what:
        raise _Problem(f"line {statement.lineno}: nothing is named that is equivalent; write {form}.")
    if not reason:
        raise _Problem(f"equivalent({what[:60]!r}): the reason is missing; write {form}.")
    return Equivalent(task, what, reason)


def _whole(text: object) -> str:
    return textwrap.dedent(str(text)).strip() + "\n"


def _edited(name: str, options: Mapping[str, Any], reference: str) -> str:
    olds, news = ([text] if isinstance(text, str) else text for text in (options["old"], options["new"]))
    texts = isinstance(olds, list | tuple) and isinstance(news, list | tuple) and len(olds) == len(news)
    if not texts or not all(isinstance(text, str) for text in (*olds, *news)):
        raise _Problem(f"{name}: old and new are two texts, or two lists of equally many.")
    code = reference
    for old, new in zip(map(_inner, olds), map(_inner, news), strict=True):
        count = reference.count(old) if old else 0
        if count != 1 or code.count(old) != 1:
            near = difflib.get_close_matches(
                old.strip().partition("\n")[0], map(str.strip, reference.splitlines()), n=1
            )
            hint = f" (near it: {near[0]!r})" if near and not count else ""
            times = (
                "nowhere" if not count else f"{count} times" if count > 1 else "in a place that another change touches"
            )
            raise _Problem(
                f"{name}: its old text {old.strip()[:50]!r} stands {times} in the reference{hint}; "
                "copy it from the answer cell, with enough around it that it stands there once."
            )
        code = code.replace(old, new)
    return code


def _inner(text: str) -> str:
    """Return ``text`` without the line ends that a triple-quoted string has after its quotes and before them."""
    if not text.startswith("\n"):
        return text
    return text[1:].rstrip(" ").removesuffix("\n")
