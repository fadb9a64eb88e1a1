"""Attacks in the file itself: what intake has to survive, and what it must not believe."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.model import Outcome
from tests.attacks.attack import FULL, HONEST, RAN, Attack, Notebook, World

__all__ = ["NOTEBOOKS"]

REFUSED = "intake refuses the file with its reason: zero, and the class goes on"
RELEASE = "everything but the student's own cells comes from the release"
UNREAD = frozenset({Outcome.UNREADABLE})
WRONG = "def halve(x):\n    return x\n"


def about(cell: Any) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def named(notebook: Notebook, name: str) -> Any:
    return next(cell for cell in notebook["cells"] if about(cell).get("grade_id") == name)


def cells(change: Callable[[Any], object], of: str = "halve-") -> Callable[[Notebook], Notebook]:
    """Return what applies ``change`` to each cell whose name begins with ``of``."""

    def apply(notebook: Notebook) -> Notebook:
        for cell in notebook["cells"]:
            if str(about(cell).get("grade_id", "")).startswith(of):
                change(cell)
        return notebook

    return apply


def more_points(cell: Any) -> None:
    about(cell).update(points=1000, max_score=1000, grade=True, checksum="0" * 32)


def other_flags(cell: Any) -> None:
    about(cell).update(locked=False, solution=True, grade=False, task=True, schema_version=99)


def emptied(cell: Any) -> None:
    cell["source"] = "pass"


def swapped(notebook: Notebook) -> Notebook:
    """Give the check's name to a cell that does nothing, and the answer's to the check."""
    answer, check = named(notebook, "halve"), named(notebook, "halve-below")
    about(answer)["grade_id"], about(check)["grade_id"] = "halve-below", "halve"
    about(answer).update(grade=True, points=3)
    return notebook


def copied(notebook: Notebook) -> Notebook:
    """Put copies of every check that do nothing before and after it, with its name and its cell id."""
    made = []
    for cell in notebook["cells"]:
        empty = json.loads(json.dumps({**cell, "source": "pass"}))
        made += [empty, cell, empty] if about(cell).get("grade") else [cell]
    return {**notebook, "cells": made}


def removed(notebook: Notebook) -> Notebook:
    return {**notebook, "cells": [cell for cell in notebook["cells"] if not about(cell).get("grade")]}


def added(notebook: Notebook) -> Notebook:
    extra = {"grade": True, "grade_id": "bonus-public", "locked": True, "points": 100, "solution": False, "task": False}
    extra["schema_version"] = 3
    cell = {"cell_type": "code", "source": "pass", "metadata": {"nbgrader": extra}, "outputs": []}
    notebook["cells"] += [cell, json.loads(json.dumps(cell).replace("bonus-public", "total-many"))]
    return notebook


def outputs(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>passed"}]
        cell["execution_count"] = 10**9
    return notebook


def kernel(notebook: Notebook) -> Notebook:
    spec = {"name": "../../evil", "display_name": "\x1b[31m<script>", "language": "bash", "argv": ["/bin/sh"]}
    return {
        **notebook,
        "metadata": {"kernelspec": spec, "language_info": {"name": "<script>"}, "nbgrader": {"score": 99}},
    }


def written(data: Callable[[Notebook], bytes]) -> Callable[[Path, Notebook, World], None]:
    return lambda path, notebook, world: _write(path, data(notebook))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def link(path: Path, notebook: Notebook, world: World) -> None:
    path.symlink_to(world.words["OTHER"])


def folder_link(path: Path, notebook: Notebook, world: World) -> None:
    path.parent.rmdir()
    path.parent.symlink_to(Path(world.words["OTHER"]).parent)


def link_to_tests(path: Path, notebook: Notebook, world: World) -> None:
    path.symlink_to(world.words["SOURCE"])


def pipe(path: Path, notebook: Notebook, world: World) -> None:
    os.mkfifo(path)


def sparse(path: Path, notebook: Notebook, world: World) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def zipped(path: Path, notebook: Notebook, world: World) -> None:
    """Put a notebook, and beside it archives whose entries lead out of the folder."""
    path.write_text(json.dumps(notebook))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../../planted-by-zip", "x")
        archive.writestr("/var/tmp/planted-by-zip", "x")
    (path.parent / f"{path.stem}.zip").write_bytes(data.getvalue())
    (path.parent / "submission.zip").write_bytes(data.getvalue())


def only_zip(path: Path, notebook: Notebook, world: World) -> None:
    zipped(path, notebook, world)
    path.unlink()


def timestamp(path: Path, notebook: Notebook, world: World) -> None:
    path.write_text(json.dumps(notebook))
    (path.parent / "timestamp.txt").write_text("the year \x1b[31m 99999999999 <script>")


def timestamp_link(path: Path, notebook: Notebook, world: World) -> None:
    path.write_text(json.dumps(notebook))
    (path.parent / "timestamp.txt").symlink_to(world.words["HOME"])


def file_name(path: Path, notebook: Notebook, world: World) -> None:
    (path.parent / "<img src=x onerror=alert(1)>\x1b]0;owned\x07\u202e.ipynb").write_text(json.dumps(notebook))


def with_cells(count: int, source: str) -> Callable[[Notebook], bytes]:
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    return lambda notebook: json.dumps({**notebook, "cells": [*notebook["cells"], *[cell] * count]}).encode()


def change(name: str, tries: str, how: Callable[[Notebook], Notebook]) -> Attack:
    says = () if how is swapped else (RAN,)  # the answer is no longer the answer
    return Attack(name, tries, RELEASE, f'print("{RAN}")\n{WRONG}', change=how, says=says)


def unread(name: str, tries: str, write: Callable[[Path, Notebook, World], None]) -> Attack:
    return Attack(name, tries, REFUSED, write=write, points=0.0, says=(), outcomes=UNREAD)


def ignored(name: str, tries: str, why: str, write: Callable[[Path, Notebook, World], None]) -> Attack:
    return Attack(name, tries, why, 'print("ATTACK RAN")\n' + HONEST["halve"], write=write, points=FULL)


NOTEBOOKS = (
    change("changes-points", "makes checks worth 1000 points, with a new checksum", cells(more_points)),
    change("changes-flags", "unlocks checks and calls them answers", cells(other_flags)),
    change("empties-checks", "replaces the text of checks by pass", cells(emptied)),
    change("swaps-names", "gives the check's name to a cell that passes", swapped),
    change("copies-checks", "puts empty copies of each check around it", copied),
    change("removes-checks", "deletes all checks", removed),
    change("adds-a-check", "adds graded cells of its own with 100 points", added),
    change("forges-outputs", "hands in outputs that say passed", outputs),
    change("names-a-kernel", "names a kernel, a language and a score of its own in the metadata", kernel),
    unread("links-to-other-work", "hands in a symbolic link to another student's notebook", link),
    unread("links-a-folder", "hands in a folder that is a link to another student's", folder_link),
    unread("links-to-the-tests", "hands in a symbolic link to the source of the tests", link_to_tests),
    unread("hands-in-a-pipe", "hands in a named pipe, which blocks who opens it", pipe),
    unread("one-gigabyte", "hands in a file of 1 GB", sparse),
    unread("json-too-deep", "100,000 nested lists", written(lambda _: b"[" * 100_000)),
    unread("json-deep-object", "100,000 nested objects", written(lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    unread(
        "json-long-number",
        "a number of nine million digits",
        written(lambda _: b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 9_000_000 + b"}"),
    ),
    unread(
        "json-many-values",
        "three million empty lists as cells",
        written(lambda _: b'{"nbformat": 4, "cells": [' + b"[]," * 3_000_000 + b"[]]}"),
    ),
    unread("many-cells", "10,000 cells", written(with_cells(10_000, "1"))),
    unread("long-cell", "a cell of a million characters", written(with_cells(1, "#" * 1_000_000))),
    unread("not-text", "bytes that are no text", written(lambda _: bytes(range(256)) * 100)),
    unread(
        "old-format",
        "a notebook of format 3, which other code would upgrade",
        written(lambda _: b'{"nbformat": 3, "worksheets": [{"cells": []}]}'),
    ),
    unread("only-a-zip", "hands in only archives", only_zip),
    ignored(
        "zip-with-dots",
        "archives beside the notebook, with entries that lead to ../../..",
        "nothing opens archives; a collector may, before grading",
        zipped,
    ),
    ignored("bad-timestamp", "a time of handing in that is none", "a time that cannot be read is none", timestamp),
    ignored(
        "links-a-timestamp",
        "a time of handing in that is a link to a file at home",
        "links are not followed",
        timestamp_link,
    ),
    ignored(
        "file-name",
        "a file name with markup, terminal escapes and a change of direction",
        "names are cleaned and escaped like every text",
        file_name,
    ),
)
