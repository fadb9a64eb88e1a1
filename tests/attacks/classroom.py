"""A class of attackers and honest students, graded by the whole path: intake, sealed engine, gradebook, pages.

``python -m tests.attacks.classroom NAME...`` grades these attacks and prints what each got.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from autograder.assignment.release import generate
from autograder.course import Course
from autograder.engines.choose import engine_factory
from autograder.engines.contract import Limits
from autograder.grading.grade import grade_class
from autograder.model import SubmissionResult
from autograder.reports.class_report import write_report
from autograder.reports.feedback import write_feedback
from autograder.reports.marks import marks_table, read_marks
from tests.attacks.attack import HONEST, Attack, Notebook, World
from tests.attacks.suite import ATTACKS

__all__ = ["HONEST_STUDENTS", "LIMITS", "NAME", "Classroom", "graded_class"]

NAME = "01-fort"
SOURCES = Path(__file__).with_name("course")
HONEST_STUDENTS = ("aaa-honest", "mmm-honest", "zzz-honest")
LIMITS = Limits(cell_seconds=1.5, submission_seconds=120.0, memory_bytes=400_000_000)


@dataclass(frozen=True)
class Classroom:
    """What grading the class gave, and what the world looked like before and after."""

    world: World
    value: str  # stands in a hidden test, and is never given to student code
    input: str  # is given to student code by a hidden test
    results: dict[str, SubmissionResult]
    printed: dict[str, str]
    pages: dict[str, str]
    report: str
    spreadsheet: str
    table: str
    marks: dict[str, float]
    before: dict[str, str]
    after: dict[str, str]
    callers: int
    processes: list[list[str]]


@contextmanager
def graded_class(names: Sequence[str] = tuple(ATTACKS), workers: int = 2) -> Iterator[Classroom]:
    """Hand in the attacks ``names`` and honest work, grade it all, and give what came of it."""
    with ExitStack() as stack:
        # Everyone may read and write here: nothing but the sandbox stands in the way.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp", prefix="attacks-")))
        value, word = "value" + secrets.token_hex(8), "input" + secrets.token_hex(8)
        course = _course(folder, value, word)
        listeners = _listeners(folder, stack)
        world = World(_words(folder, course, listeners), folder)
        _hand_in(course, world, [ATTACKS[name] for name in names])
        open_to_all(folder)
        before = snapshot(folder)
        processes = set(psutil.Process().children(recursive=True))
        with _adopting_orphans():
            outcome = grade_class(course, NAME, workers=workers, limits=LIMITS, factory=engine_factory("sealed"))
            left = _left(processes)
        marks = read_marks(course, NAME)
        write_feedback(course, outcome.assignment, outcome.results, marks)
        report = write_report(course, outcome.assignment, outcome.results, marks)
        yield Classroom(
            world=world,
            value=value,
            input=word,
            results={result.student: result for result in outcome.results},
            printed={result.student: _printed(course, result.student) for result in outcome.results},
            pages={page.parents[1].name: page.read_text() for page in course.feedback.rglob("*.html")},
            report=report[0].read_text(),
            spreadsheet=report[1].read_text(),
            table=marks_table(outcome),
            marks=_recorded(course),
            before=before,
            after=snapshot(folder),
            callers=sum(map(_called, listeners)),
            processes=left,
        )


def _left(before: set[psutil.Process], patience: float = 5.0) -> list[list[str]]:
    """Return the command lines of what still runs below us; what has been killed may take a moment to end."""
    end = time.monotonic() + patience
    while True:
        found = []
        for process in set(psutil.Process().children(recursive=True)) - before:
            with suppress(psutil.NoSuchProcess):  # which a zombie is, too: it has ended
                found.append(process.cmdline())
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _course(folder: Path, value: str, word: str) -> Course:
    shutil.copytree(SOURCES, folder / "course")
    course = Course(folder / "course", folder / "class")
    course.submitted.mkdir(parents=True)
    source = course.source(NAME)
    source.write_text(source.read_text().replace("@VALUE@", value).replace("@INPUT@", word))
    released = generate(source, out=folder / "release", gradebook_url=f"sqlite:///{folder / 'release.db'}")
    (course.exercises / NAME).mkdir()
    shutil.copy(released, course.exercises / NAME / f"{NAME}.ipynb")
    return course


def _listeners(folder: Path, stack: ExitStack) -> list[socket.socket]:
    tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    udp.bind(("127.0.0.1", 0))
    made = [tcp, udp]
    for name in (str(folder / "socket"), "\0" + secrets.token_hex(8)):
        made.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
        made[-1].bind(name)
        made[-1].listen()
    return made


def _called(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _words(folder: Path, course: Course, listeners: list[socket.socket]) -> dict[str, str]:
    home = folder / "home"
    home.mkdir()
    (home / "diary").write_text("dear diary")
    tcp, udp, unix, abstract = (listener.getsockname() for listener in listeners)
    return {
        "SOURCE": str(course.source(NAME)),
        "COURSE": str(course.root),
        "CLASS": str(course.directory),
        "GRADEBOOK": str(course.directory / "gradebook.db"),
        "OTHER": str(course.submitted / HONEST_STUDENTS[0] / NAME / f"{NAME}.ipynb"),
        "HOME": str(home / "diary"),
        "PID": str(os.getpid()),
        "TCP": str(tcp[1]),
        "UDP": str(udp[1]),
        "UNIX": str(unix),
        "ABSTRACT": abstract.decode()[1:] if isinstance(abstract, bytes) else str(abstract)[1:],
    }


def _hand_in(course: Course, world: World, attacks: list[Attack]) -> None:
    released = json.loads((course.exercises / NAME / f"{NAME}.ipynb").read_text())
    for student in HONEST_STUDENTS:
        _path(course, student).write_text(json.dumps(_answered(released, HONEST)))
    for attack in attacks:
        answers = {**HONEST, attack.task: world.fill(attack.cell)} if attack.cell else HONEST
        notebook = _answered(released, answers)
        notebook = attack.change(notebook) if attack.change else notebook
        path = _path(course, attack.name)
        if attack.write:
            attack.write(path, notebook, world)
        else:
            path.write_text(json.dumps(notebook))


def _path(course: Course, student: str) -> Path:
    path = course.submitted / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    return path


def _answered(released: Notebook, answers: dict[str, str]) -> Notebook:
    notebook: Notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    # What checks print is seen with the next cell of the student's own.
    last: dict[str, Any] = {
        "cell_type": "code",
        "source": "print('the end')",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook["cells"].append(last)
    return notebook


def open_to_all(folder: Path) -> None:
    """Let everyone read and write all that lies below ``folder``."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o777 if path.is_dir() else 0o666)


def snapshot(folder: Path) -> dict[str, str]:
    """Return a line on each file of what was handed in, of the course and of the home folder."""
    found = {}
    for part in ("class/submitted", "course", "home", "release"):
        for path in sorted((folder / part).rglob("*")):
            about = path.lstat()
            plain = stat.S_ISREG(about.st_mode) and about.st_size < 20_000_000
            content = hashlib.sha256(path.read_bytes()).hexdigest() if plain else about.st_size
            found[str(path)] = f"{about.st_mode:o} {about.st_mtime_ns} {content}"
    found["top"] = repr(sorted(os.listdir(folder)))
    found["planted"] = repr([str(p) for p in (Path("/var/tmp/planted-by-zip"), Path("/usr/lib/planted")) if p.exists()])
    return found


@contextmanager
def _adopting_orphans() -> Iterator[None]:
    """Be the parent of processes that outlive theirs, so that what an attack leaves behind is seen.

    Only meanwhile: an orphan of a later test would come here too, and stay a zombie, for nobody waits for it.
    """
    control = ctypes.CDLL(None, use_errno=True).prctl
    control(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    try:
        yield
    finally:
        control(36, 0, 0, 0, 0)


def _printed(course: Course, student: str) -> str:
    path = course.autograded / student / NAME / f"{NAME}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text())
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return "\n".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream")


def _recorded(course: Course) -> dict[str, float]:
    connection = sqlite3.connect(course.directory / "gradebook.db")
    rows = connection.execute(
        "SELECT a.student_id, sum(g.auto_score) FROM submitted_assignment a JOIN submitted_notebook n "
        "ON n.assignment_id = a.id JOIN grade g ON g.notebook_id = n.id GROUP BY a.student_id"
    ).fetchall()
    connection.close()
    return dict(rows)


def main() -> None:
    """Grade the attacks named on the command line, and print points and output of each as JSON."""
    with graded_class(sys.argv[1:], workers=1) as room:
        points = {student: result.points for student, result in room.results.items()}
        print(json.dumps({"points": points, "printed": room.printed, "same": room.before == room.after}))


if __name__ == "__main__":
    main()
