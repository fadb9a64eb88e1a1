"""Make nbgrader's source notebook from the parts of a script: everything that follows from a rule is written here.

Metadata, the numbers, headings and points of tasks, the markers of hidden tests, the helpers that a task's hidden
checks share, and the header, setup and footer that all notebooks of a course have in common (``solutions/shared``).
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment.cells import BEGIN_HIDDEN, END_HIDDEN, HEADING
from autograder.assignment.dependencies import names_of
from autograder.assignment.script import Part, Role, forbidden_names, stop
from autograder.parsing import parse

__all__ = ["SHARED", "Shared", "compose"]

SHARED = Path(__file__).with_name("shared")
FIELD = re.compile(r"^- ([A-Z][A-Za-z ]+): (.+)$")
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Shared:
    """What all notebooks of a course share: templates of the header and footer (jinja2), and the setup cell's code."""

    header: str
    setup: str
    footer: str

    @classmethod
    def beside(cls, source: Path) -> Shared:
        """Return that of the course of ``source``: the files of ``solutions/shared``, else those of this package."""
        folder = source.parent.parent / "shared"
        texts = {}
        for name in ("header.md", "setup.py", "footer.md"):
            own = folder / name
            texts[name.partition(".")[0]] = (
                (own if own.is_file() else SHARED / name).read_text(encoding="utf-8").strip()
            )
        return cls(**texts)

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(repr((self.header, self.setup, self.footer)).encode()).digest()


def compose(parts: Sequence[Part], path: Path, shared: Shared) -> Any:
    """Return the source notebook (nbformat 4.5) of the checked ``parts``; the same parts give the same notebook.

    A cell's id is its grade_id, or a hash of its place and content.
    """
    import nbformat

    make: Any = nbformat.from_dict
    cells: list[dict[str, Any]] = []
    for name, kind, text, about in _cells(parts, path, shared):
        own = {"nbgrader": {"grade_id": name, "schema_version": 3, **about}} if name else {}
        id_ = name or hashlib.sha256(f"{len(cells)}\n{text}".encode()).hexdigest()[:12]
        run: dict[str, Any] = {} if kind == "markdown" else {"execution_count": None, "outputs": []}
        cells.append({"cell_type": kind, "id": id_, "metadata": own, "source": text, **run})
    metadata = {
        "autograder": {"assignment": path.stem},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    return make({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


LOCKED = {"grade": False, "locked": True, "solution": False, "task": False}


def _cells(parts: Sequence[Part], path: Path, shared: Shared) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield name, kind, text and nbgrader's metadata of each cell."""
    tasks = [part for part in parts if part.role is Role.ANSWER]
    introduction = next((part for part in parts if part.role is Role.TEXT), None)
    if introduction is None or parts.index(introduction) > 0:
        hint = "Write: # %% [markdown], then # # and the title, and a first paragraph on what the student will have."
        stop(path, "1", "the source does not begin with an introduction.", hint)
    extra = next((part.text for part in parts if part.role is Role.SETUP), "")
    yield "intro", "markdown", _header(introduction, parts, path, shared), LOCKED
    yield "setup", "code", "\n\n".join(filter(None, [shared.setup, extra])), LOCKED
    for part in parts:
        own = {other.role: other for other in parts if other.task == part.task}
        match part.role:
            case Role.TEXT if part is not introduction:
                yield part.name, "markdown", part.text, LOCKED
            case Role.STATEMENT:
                number = [task.name for task in tasks].index(part.task) + 1
                worth = sum(other.points for other in parts if other.task == part.task)
                heading = (
                    f"### Task {number} · `{_defined(own[Role.ANSWER])}` ({worth:g} point{'s' if worth != 1 else ''})"
                )
                yield part.name, "markdown", f"{heading}\n\n{part.text}", LOCKED
            case Role.ANSWER:
                yield part.name, "code", part.text, {**LOCKED, "locked": False, "solution": True}
            case Role.SHOWN:
                yield part.name, "code", part.text, LOCKED
            case Role.PUBLIC | Role.HIDDEN:
                about = {**LOCKED, "grade": True, "points": part.options["points"]}
                yield part.name, "code", _check(part, own), about
            case Role.MANUAL:
                about = {**LOCKED, "grade": True, "solution": True, "locked": False, "points": part.options["points"]}
                yield part.name, part.kind, part.text, about
            case Role.OPEN_TASK:
                yield part.name, "markdown", part.text, {**LOCKED, "task": True, "points": part.options["points"]}
    if shared.footer:
        yield "hand-in", "markdown", shared.footer, LOCKED


def _defined(answer: Part) -> str:
    """Return the name that an answer defines: the task's, or one that differs by underscores at its ends."""
    named = [node.name for node in parse(answer.text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    alike = [name for name in named if name.strip("_") == answer.name.strip("_")]
    return alike[-1] if alike and answer.name not in named else answer.name


def _check(part: Part, own: dict[Role, Part]) -> str:
    """Return the text of a check: its title, the rule of its task, the helpers that it uses, its tests."""
    title, _, body = part.text.partition("\n")
    free, _ = names_of(part.text)
    before = []
    helpers = own.get(Role.HELPERS) if part.role is Role.HIDDEN else None
    if helpers is not None and free & names_of(helpers.text)[1]:
        free |= names_of(helpers.text)[0]
        before.append(f"{helpers.text.strip()}\n")
    if "forbidden" in free:
        before.insert(0, _forbidden(own[Role.ANSWER]))
    if part.role is Role.PUBLIC:
        return "\n".join([title, *before, body.strip("\n")])
    return "\n".join([title, BEGIN_HIDDEN, *before, body.strip("\n"), END_HIDDEN])


def _forbidden(answer: Part) -> str:
    """Return the line that states the task's rule, from ``forbid`` and ``instead`` in the header of its answer."""
    names = [json.dumps(name, ensure_ascii=False) for name in forbidden_names(answer)]
    if instead := answer.options.get("instead"):
        names.append(f"instead={json.dumps(str(instead), ensure_ascii=False)}")
    line = f"forbidden = rules.forbid({', '.join(names)})"
    return line if len(line) <= 120 else f"forbidden = rules.forbid(\n    {', '.join(names)}\n)"


def _header(introduction: Part, parts: Sequence[Part], path: Path, shared: Shared) -> str:
    """Return the first cell of the notebook: the shared header, with what the introduction says filled in."""
    import jinja2
    import jinja2.meta

    name = introduction.name or "introduction"
    heading = HEADING.match(introduction.text.lstrip())
    if heading is None:
        stop(path, name, "the introduction does not begin with a title.", "Begin with: # # and the title.")
    blocks = introduction.text.lstrip()[heading.end() :].strip().split("\n\n")
    at = next((at for at, block in enumerate(blocks) if FIELD.match(block.partition("\n")[0])), len(blocks))
    fields: dict[str, str] = {}
    lines = _unwrapped(blocks[at]) if at < len(blocks) else []
    for line in lines:
        found = FIELD.match(line)
        if found is None:
            stop(path, name, f"{line[:40]!r} is no field.", "Write each as: - You need: …")
        fields[found[1].lower().replace(" ", "_")] = found[2]
    known = set(jinja2.meta.find_undeclared_variables(environment().parse(shared.header)))
    generated = {"name", "title", "lead", "more", "points", "tasks"}
    for field in fields.keys() - (known - generated):
        there = ", ".join(sorted(one.capitalize().replace("_", " ") for one in known - generated)) or "none"
        stop(path, name, f"the header has no field {field.replace('_', ' ')!r}.", f"There are: {there}.")
    count = sum(part.role is Role.ANSWER for part in parts)
    values = {
        **fields,
        "name": path.stem,
        "title": heading[1],
        "lead": "\n\n".join(blocks[:at]),
        "more": "\n\n".join(blocks[at + 1 :]),
        "points": f"{sum(part.points for part in parts):g}",
        "tasks": f"{WORDS[count] if count < len(WORDS) else count} task{'s' if count != 1 else ''}",
    }
    try:
        text = environment().from_string(shared.header).render(values)
    except jinja2.UndefinedError as error:
        missing = str(error).split("'")[1].capitalize().replace("_", " ")
        stop(path, name, f"it lacks the field {missing!r}.", f"Write below the first paragraph: - {missing}: …")
    except jinja2.TemplateError as error:
        stop(path, name, f"the shared header cannot be filled in: {error}.", "Correct solutions/shared/header.md.")
    return str(text).strip()


def environment() -> Any:
    """Return the environment of the shared header: a name that nobody has given is an error."""
    import jinja2

    return jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=False, autoescape=False)


def _unwrapped(block: str) -> list[str]:
    """Return the items of a list, each on one line."""
    items: list[str] = []
    for line in block.splitlines():
        if line.startswith("- ") or not items:
            items.append(line.rstrip())
        else:
            items[-1] += f" {line.strip()}"
    return items
