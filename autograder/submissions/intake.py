"""Take in an untrusted notebook: keep the student's own cells, take everything else from the release.

Runs in the trusted process. The student controls every byte of the input, so nothing of it is believed: the size is
looked at before a byte is read, links are not followed, and only the source text of cells leaves this module, and
pictures for a person who grades by hand.

Of two cells with the same name, the first that differs from the empty stub is the answer. The others stay where they
are, as plain cells, so that the notebook still does what it did when it was run from top to bottom; copies of the stub
are left out, since they would undo the answer.
"""

from __future__ import annotations

import functools
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AutograderError
from autograder.model import Note
from autograder.submissions.as_released import as_released, same_settings
from autograder.submissions.outputs import without_outputs
from autograder.submissions.recognise import recognised
from autograder.submissions.seen import Picture, harmless, listing, pictures_of

__all__ = ["IntakeCell", "IntakeLimits", "IntakeResult", "Release", "Unreadable", "read_submission", "repair"]

Role = Literal["student", "locked", "check"]


@dataclass(frozen=True)
class IntakeLimits:
    """How large a submission may be. Everything above is unreadable; outputs, which are never read, count apart."""

    file_bytes: int = 10_000_000
    with_outputs_bytes: int = 250_000_000
    cells: int = 1000
    cell_chars: int = 200_000


class Unreadable(AutograderError):
    """Say why there is no notebook to run; the caller turns it into zero marks with this reason."""


@dataclass(frozen=True)
class IntakeCell:
    """One cell of a repaired notebook; ``id`` is its grade_id, empty for a cell that the student added.

    ``unwritten`` marks an answer that is still the released stub; ``pictures`` are what a person will want to see.
    """

    role: Role
    id: str
    kind: str
    source: str
    unwritten: bool = False
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class IntakeResult:
    """A repaired notebook as its cells in order, with what was repaired; or the reason why there is none."""

    cells: tuple[IntakeCell, ...] = ()
    notes: tuple[Note, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True)
class _Expected:
    """A released cell; ``bare`` is its text without the space around it."""

    role: Role
    kind: str
    source: str
    bare: str
    nbgrader: dict[str, Any]


@dataclass(frozen=True)
class Release:
    """The students' notebook as released: what every submission is put back to."""

    notebook: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Release:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    @functools.cached_property
    def cells(self) -> list[dict[str, Any]]:
        """The released cells that carry a name."""
        return [cell for cell in self.notebook["cells"] if _grade_id(cell)]

    @functools.cached_property
    def named(self) -> dict[str, dict[str, Any]]:
        """The same by their names."""
        return {_grade_id(cell): cell for cell in self.cells}

    @functools.cached_property
    def expected(self) -> dict[str, _Expected]:
        """What a repair looks at, read once for a whole class."""
        return {name: _expected(cell) for name, cell in self.named.items()}

    @functools.cached_property
    def for_a_person(self) -> bool:
        """Whether a person grades a part of it: nbgrader's manually graded answers and task cells."""
        abouts = [cell["metadata"]["nbgrader"] for cell in self.cells]
        return any(about.get("task") or (about.get("grade") and about.get("solution")) for about in abouts)

    def build(self, cells: tuple[IntakeCell, ...]) -> dict[str, Any]:
        """Return a notebook of ``cells`` with the release's metadata, and no outputs but pictures for a person."""
        built: list[dict[str, Any]] = []
        for number, cell in enumerate(cells):
            about = self.named[cell.id]["metadata"] if cell.id in self.named else {}
            text = harmless(cell.source) if cell.role == "student" and cell.kind != "code" else cell.source
            built.append({"id": f"cell-{number}", "cell_type": cell.kind, "source": text, "metadata": about})
            if cell.kind == "code":
                drawn = [
                    {"output_type": "display_data", "data": {p.kind: p.data}, "metadata": {}} for p in cell.pictures
                ]
                built[-1] |= {"outputs": drawn, "execution_count": None}
            elif pasted := {picture.name: {picture.kind: picture.data} for picture in cell.pictures if picture.name}:
                built[-1]["attachments"] = pasted
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": self.notebook["metadata"], "cells": built}


def read_submission(path: Path, below: Path, limits: IntakeLimits = IntakeLimits()) -> bytes:
    """Return the bytes of the file ``path``, which lies somewhere ``below`` a trusted folder.

    Raises:
        Unreadable: it, or a folder on the way, is a link; it is not a plain file, empty or too large.
    """
    for folder in path.parents:
        if folder == below:
            break
        if folder.is_symlink():
            raise Unreadable("The folder that was handed in is a link to another folder, which is not followed.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    if path.is_symlink():
        raise Unreadable("The file that was handed in is a link to another file, which is not followed.")
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise Unreadable("No notebook was handed in.") from None
    except OSError as error:
        raise Unreadable(f"The file could not be opened: {error.strerror}.") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Unreadable("What was handed in is not a file.")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limits.with_outputs_bytes:
            raise _too_large(status.st_size, limits.with_outputs_bytes)
        data = file.read(limits.with_outputs_bytes + 1)[: limits.with_outputs_bytes]
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > limits.file_bytes:
        data = without_outputs(data)
    if len(data) > limits.file_bytes:
        raise _too_large(len(data), limits.file_bytes)
    return data


def _too_large(size: int, most: int) -> Unreadable:
    said = f"The file has {size / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB are read. Clear its outputs and retry."
    return Unreadable(said)


def repair(data: bytes, release: Release, limits: IntakeLimits = IntakeLimits()) -> IntakeResult:
    """Return the notebook in ``data`` with the student's own cells kept and all others as released; never raises."""
    try:
        submitted, notes = _parse(data, limits, release.for_a_person)
    except Unreadable as error:
        return IntakeResult(unreadable=error.message)
    return _Repair(release, notes).run(submitted)


@dataclass(frozen=True)
class _OwnCell:
    """A cell as it was handed in."""

    id: str
    kind: str
    source: str
    nbgrader: object
    cell_id: str = ""
    pictures: tuple[Picture, ...] = ()


def _parse(data: bytes, limits: IntakeLimits, pictures: bool) -> tuple[list[_OwnCell], list[Note]]:
    """Return the usable cells of an nbformat 4 file, and notes on those that are not usable."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # ValueError holds bad UTF-8, bad JSON and numbers of too many digits
        raise Unreadable(
            "The file is not a notebook: it does not hold valid JSON. Save it again from Jupyter."
        ) from None
    if not isinstance(notebook, dict) or type(notebook.get("nbformat")) is not int:
        raise Unreadable("The file is not a notebook: it lacks the notebook format's version.")
    version = notebook["nbformat"]
    if version != 4:
        raise Unreadable(
            f"The notebook has format {version}; format 4 is needed. Open it in a current Jupyter and save it again."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("The file is not a notebook: it has no list of cells.")
    if len(cells) > limits.cells:
        raise Unreadable(f"The notebook has {len(cells):,} cells; at most {limits.cells:,} are read.")
    good: list[_OwnCell] = []
    bad: list[str] = []
    for number, cell in enumerate(cells, 1):
        parsed = _parse_cell(cell, pictures)
        if parsed is None:
            bad.append(str(number))
        elif len(parsed.source) > limits.cell_chars:
            raise Unreadable(f"Cell {number} has over {limits.cell_chars:,} characters.")
        else:
            good.append(parsed)
    notes = [Note("invalid-cell", f"Not a valid cell, so left out: {listing(bad)}, counted from 1.")] if bad else []
    return good, notes


def _parse_cell(cell: Any, pictures: bool) -> _OwnCell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source")
    if isinstance(source, list):
        try:
            source = "".join(source)
        except TypeError:
            return None
    if not isinstance(source, str):
        return None
    # Lone surrogates and NUL cannot be sent to a kernel or written as UTF-8.
    text = source if source.isascii() else source.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\0", "?").replace("\r\n", "\n").replace("\r", "\n")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    cell_id = cell.get("id")
    return _OwnCell(
        name if isinstance(name, str) else "",
        cell["cell_type"],
        text,
        nbgrader,
        cell_id if isinstance(cell_id, str) else "",
        pictures_of(cell) if pictures else (),
    )


def _grade_id(cell: Any) -> str:
    """Return the nbgrader name of a raw cell, or an empty string."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def _expected(cell: dict[str, Any]) -> _Expected:
    source, about = cell["source"], cell["metadata"]["nbgrader"]
    text = "".join(source) if isinstance(source, list) else str(source)
    role: Role = "student" if about.get("solution") else "check" if about.get("grade") else "locked"
    return _Expected(role, cell["cell_type"], text, text.strip(), about)


class _Repair:
    """The state of one repair: what was released, and the notes so far."""

    def __init__(self, release: Release, notes: list[Note]) -> None:
        self.released = release.expected
        self.notes = notes

    def note(self, kind: str, text: str, names: list[str]) -> None:
        if names:
            self.notes.append(Note(kind, text.format(listing(sorted(set(names), key=names.index)))))

    def is_answer(self, name: str) -> bool:
        return self.released[name].role == "student"

    def run(self, submitted: list[_OwnCell]) -> IntakeResult:
        names = recognised(submitted, self.released)
        self.note(
            "recognised-cell",
            "Had lost its name, and was recognised by its text: {}.",
            [name for name in names.values() if self.is_answer(name)],
        )
        answers, extras, order = self.sort(
            [
                replace(cell, id=names[at], nbgrader=self.released[names[at]].nbgrader) if at in names else cell
                for at, cell in enumerate(submitted)
            ]
        )
        self.compare(answers, order)
        return IntakeResult(tuple(self.assemble(answers, extras, set(order))), tuple(self.notes))

    def sort(self, submitted: list[_OwnCell]) -> tuple[dict[str, _OwnCell], dict[str, list[_OwnCell]], list[str]]:
        """Split into named cells, plain cells by the named cell before them, and the names in their order."""
        chosen: dict[str, int] = {}
        for index, cell in enumerate(submitted):
            if cell.id not in self.released:
                continue
            kept = submitted[chosen[cell.id]] if cell.id in chosen else None
            if kept is None or (self.is_answer(cell.id) and self.is_stub(kept) and not self.is_stub(cell)):
                chosen[cell.id] = index
        named: dict[str, _OwnCell] = {}
        extras: dict[str, list[_OwnCell]] = {}
        order: list[str] = []
        doubled: list[str] = []
        unknown: list[str] = []
        last = ""
        for index, cell in enumerate(submitted):
            if chosen.get(cell.id) == index:
                named[cell.id] = cell
                order.append(cell.id)
                last = cell.id
                continue
            if cell.id in self.released:
                doubled.append(cell.id)
                if not self.is_answer(cell.id) or self.is_stub(cell):
                    continue
            elif cell.id:
                unknown.append(cell.id)
            extras.setdefault(last, []).append(cell)
        self.note(
            "duplicate-cell",
            "There was more than one cell named {}: the first that you wrote in counts as the answer, "
            "and other versions run as ordinary cells in their place.",
            doubled,
        )
        self.note("unknown-cell", "The assignment has no cell named {}; it runs as an ordinary cell.", unknown)
        return named, extras, order

    def is_stub(self, cell: _OwnCell) -> bool:
        expected = self.released[cell.id]
        return (
            cell.source == expected.source
            or cell.source.strip() == expected.bare
            or (self.is_answer(cell.id) and as_released(cell))
        )

    def compare(self, named: dict[str, _OwnCell], order: list[str]) -> None:
        """Note what differs from the release; what an earlier release had so is nobody's doing, and has its own note.

        A cell carries the checksum of what it was when it was released. Who forges one gains a milder note.
        """
        missing = [name for name in self.released if name not in named]
        changed = [name for name, cell in named.items() if not self.is_answer(name) and not self.is_stub(cell)]
        settings = [
            name
            for name, cell in named.items()
            if cell.kind != self.released[name].kind or not same_settings(cell, self.released[name])
        ]
        earlier = [name for name in dict.fromkeys([*changed, *settings]) if as_released(named[name])]
        changed, settings = ([name for name in some if name not in earlier] for some in (changed, settings))
        put_back = [name for name in missing if not self.is_answer(name)]
        self.note(
            "missing-answer", "The answer cell {} was missing: it counts as empty.", [*filter(self.is_answer, missing)]
        )
        if earlier:
            earlier, put_back = [*earlier, *put_back], []
        self.note(
            "earlier-release", "Edited by your teacher since you fetched it, and taken as it is now: {}.", earlier
        )
        self.note("missing-cell", "Missing, and put back: {}.", put_back)
        self.note("changed-cell", "Changed, and put back as released: {}.", changed)
        self.note("changed-settings", "Its name, points or type were changed, and put back as released: {}.", settings)
        if order != [name for name in self.released if name in named]:
            self.notes.append(
                Note("order", "The assignment's cells were in another order, and were put back in theirs.")
            )

    def assemble(
        self, named: dict[str, _OwnCell], extras: dict[str, list[_OwnCell]], present: set[str]
    ) -> Iterator[IntakeCell]:
        """Yield released cells in released order, each followed by the plain cells that came after it."""
        waiting = extras.get("", [])
        for name, released in self.released.items():
            # The stub of a lost answer goes before the cells in which the student may have written it again.
            if name in present or released.role == "check":
                yield from map(_plain, waiting)
                waiting = []
            answer = named.get(name) if released.role == "student" else None
            source = answer.source if answer else released.source
            unwritten = released.role == "student" and (answer is None or self.is_stub(answer))
            yield IntakeCell(released.role, name, released.kind, source, unwritten, answer.pictures if answer else ())
            waiting = waiting + extras[name] if name in extras else waiting
        yield from map(_plain, waiting)


def _plain(cell: _OwnCell) -> IntakeCell:
    return IntakeCell("student", "", cell.kind, cell.source, pictures=cell.pictures)
