"""Make an example class: notebooks whose marks are known, to try grading with and to prove that it is right.

The answers come from the assignment's reference and from its ``right/`` and ``wrong/`` files. What each notebook must
get is found by running its answers with ``autograder.local.runner``, which shares no code with the engine but the
wording of messages. The same sources give the same class, byte for byte. Trusts the author's files, which it runs.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.assignment.answers import KnownAnswer
from autograder.assignment.cells import grade_id, is_check
from autograder.assignment.material import Material
from autograder.assignment.release import generate
from autograder.course import Course
from autograder.errors import PathError, SourceError
from autograder.example.damage import Notebook, cut_off, doubler, noisy, remover, shuffle, tamperer, with_line
from autograder.files import write_atomically
from autograder.grading.results import ResultStore
from autograder.local.runner import CodeCell, Program, Warm, results, run

__all__ = ["differences", "make_class"]

NAMES = (
    "abebe-mekonnen",
    "akua-boateng",
    "ana-ferreira",
    "bilal-haddad",
    "chen-yulan",
    "daniela-rossi",
    "emeka-okafor",
    "freya-lindqvist",
    "giorgos-pappas",
    "hana-kobayashi",
    "ines-moreau",
    "jonas-weber",
    "kavya-iyer",
    "lucia-navarro",
    "malik-johnson",
    "mei-lin-tan",
    "nadia-petrova",
    "oskar-nowak",
    "priya-sharma",
    "quentin-dubois",
    "rania-aziz",
    "samuel-mwangi",
    "tomas-novak",
    "yusuf-demir",
)


@dataclass(frozen=True)
class Student:
    """What one student hands in: an answer for each task ("" is the stub), and what then happens to the file.

    ``lost`` are the tasks whose marks the file's trouble takes away whatever their answer is worth.
    """

    name: str
    about: str
    answers: dict[str, str]
    damage: Callable[[Notebook], Notebook | bytes] = lambda notebook: notebook
    lost: frozenset[str] = frozenset()
    file: str = ""


@dataclass(frozen=True)
class Answers:
    """What the class is made of: the assignment, its release, and for each task its right and wrong answers."""

    material: Material
    released: Notebook
    right: dict[str, list[KnownAnswer]] = field(default_factory=dict)
    wrong: dict[str, list[KnownAnswer]] = field(default_factory=dict)

    @classmethod
    def read(cls, course: Course, name: str) -> Answers:
        material = Material.read(course.source(name))
        tasks = list(material.reference)
        answers, _ = material.known_answers()
        with tempfile.TemporaryDirectory(prefix="autograder-example-") as folder:
            text = generate(course.source(name), out=Path(folder)).read_text(encoding="utf-8")
        right = {task: [a for a in answers if a.kind == "right" and a.task == task] for task in tasks}
        wrong = {task: [a for a in answers if a.kind == "wrong" and a.task == task] for task in tasks}
        for task in tasks:
            if not right[task] or not wrong[task]:
                raise SourceError(f"{name} has no right/ or no wrong/ answer for {task}.", "Write one.")
        return cls(material, json.loads(text), right, wrong)

    @property
    def reference(self) -> dict[str, str]:
        """The reference's answer for each task, in the order of the tasks."""
        return self.material.reference


def make_class(course: Course, name: str, out: Path, students: int = 24) -> bool:
    """Write ``out/submitted/`` and ``out/expected.json``; return False if they were there and are up to date.

    One class may hold several assignments: those of other names stay as they are.

    Raises:
        PathError: ``out`` holds something else.
        SourceError: the assignment has too few known answers.
    """
    record = out / "expected.json"
    if out.exists() and not record.is_file() and any(out.iterdir()):
        raise PathError(f"{out} is not empty and holds no example class.", "Name another folder with --out.")
    stamp = _stamp(course, name, students)
    made = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if made.pop(name, {}).get("stamp") == stamp:
        return False
    write_atomically(record, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    answers = Answers.read(course, name)
    members = list(_plan(answers, students))
    expected = _expected(answers, members)
    for folder in (out / "submitted").glob(f"*/{name}"):
        shutil.rmtree(folder)
    for member in members:
        file = member.damage(_assemble(answers, member))
        text = file.decode() if isinstance(file, bytes) else json.dumps(file, ensure_ascii=False, indent=1) + "\n"
        write_atomically(out / "submitted" / member.name / name / (member.file or f"{name}.ipynb"), text)
    entries = {
        member.name: {"about": member.about, "total": sum(marks.values()), "checks": marks}
        for member, marks in zip(members, expected, strict=True)
    }
    made[name] = {"stamp": stamp, "students": entries}
    write_atomically(record, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    return True


def differences(out: Path, name: str | None = None) -> list[str]:
    """Return a line for every mark in the graded class ``out``, or in its assignment ``name``, that is not as expected.

    Raises:
        PathError: ``out`` holds no example class, or none for ``name``.
    """
    record = out / "expected.json"
    made = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if not made or (name is not None and name not in made):
        what = f"no example class for {name}" if made else "no example class"
        raise PathError(f"{out} holds {what}.", "Make one with `autograder example ASSIGNMENT --out DIR`.")
    return [line for each in sorted(made) if name in (None, each) for line in _differing(out, each, made[each])]


def _differing(out: Path, name: str, made: dict[str, Any]) -> list[str]:
    store = ResultStore(out)
    found: list[str] = []
    for student, entry in made["students"].items():
        result = store.load(name, student)
        got = {check.check: check for check in result.checks} if result else {}
        for check, points in entry["checks"].items():
            if check not in got:
                found.append(f"{student} ({entry['about']}), {check}: expected {points:g}, got nothing")
            elif abs(got[check].points - points) > 1e-9:
                why = f"{got[check].outcome}: {got[check].message}".splitlines()[0][:160]
                found.append(
                    f"{student} ({entry['about']}), {check}: expected {points:g}, got {got[check].points:g} ({why})"
                )
    return found


def _stamp(course: Course, name: str, students: int) -> str:
    """Hash all that decides what the class is and what it must get."""
    import convlab

    parts = hashlib.sha256(f"{__version__} {students}".encode())
    here = Path(__file__)
    folders = (course.source(name).parent, Path(convlab.__file__).parent)
    for path in [here, here.with_name("damage.py"), *sorted(p for folder in folders for p in folder.rglob("*.py"))]:
        parts.update(path.name.encode() + path.read_bytes())
    return parts.hexdigest()


def _plan(known: Answers, count: int) -> Iterator[Student]:
    """Yield what each of ``count`` students hands in: 24 as described, more of the usual kinds after that."""
    dice = random.Random(known.material.name)
    tasks = list(known.reference)
    half = len(tasks) // 2

    def right(pick: int) -> dict[str, str]:
        return {task: known.right[task][pick % len(known.right[task])].code for task in tasks}

    def wrong(among: list[str]) -> tuple[dict[str, str], str]:
        chosen = {task: dice.choice(known.wrong[task]) for task in among}
        return {**known.reference, **{task: a.code for task, a in chosen.items()}}, ", ".join(
            f"{task}: {a.name}" for task, a in chosen.items()
        )

    def usual(number: int) -> tuple[str, dict[str, str]]:
        if number % 3 == 2:
            answers, what = wrong(sorted(dice.sample(tasks, min(len(tasks), 2 + number % 4)), key=tasks.index))
            return f"several mistakes: {what}", answers
        answers, what = wrong([tasks[number % len(tasks)]])
        return f"one mistake: {what}", answers

    stubs = dict.fromkeys(tasks, "")
    loop, tampered, lost = tasks[1 % len(tasks)], tasks[0], tasks[-1]
    endless, name = with_line(known.reference[loop], loop, "while True: pass"), known.material.name
    special: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        ("the reference", known.reference, {}),
        ("right, done another way", right(0), {}),
        ("right, done a third way", right(1), {}),
        ("right, but warns on stderr", {t: noisy(s, t) for t, s in known.reference.items()}, {}),
        ("handed in as released", stubs, {}),
        ("the first half done", {**stubs, **{t: known.reference[t] for t in tasks[:half]}}, {}),
        ("the second half done", {**stubs, **{t: known.reference[t] for t in tasks[half:]}}, {}),
        ("not a notebook: cut off in the middle", stubs, {"damage": cut_off}),
        ("cells missing, an answer among them", {**known.reference, lost: ""}, {"damage": remover(lost)}),
        ("cells doubled", known.reference, {"damage": doubler(known.released)}),
        ("a loop without end", {**known.reference, loop: endless}, {"lost": frozenset([loop])}),
        (
            "a wrong answer, its tests made harmless and worth more",
            {**known.reference, tampered: known.wrong[tampered][0].code},
            {"damage": tamperer(tampered)},
        ),
        ("cells in another order, and cells added", right(0), {"damage": shuffle}),
        ("saved under another name", known.reference, {"file": f"{name} (1).ipynb"}),
    ]
    order = [NAMES[i % len(NAMES)] + (f"-{i // len(NAMES) + 1}" if i >= len(NAMES) else "") for i in range(count)]
    dice.shuffle(order)
    for number, student in enumerate(order):
        if number < len(special):
            about, answers, more = special[number]
            yield Student(student, about, answers, **more)
        else:
            about, answers = usual(number - len(special))
            yield Student(student, about, answers)


def _expected(known: Answers, members: list[Student]) -> list[dict[str, float]]:
    """Return the points that each student must get for each check.

    Right answers get all and stubs none, by what they are; what a wrong answer loses is found by running it.
    """
    mistaken = {answer.code for answers in known.wrong.values() for answer in answers}
    wrong = [any(code in mistaken for code in member.answers.values()) for member in members]
    found = iter(_run(known, [member for member, ran in zip(members, wrong, strict=True) if ran]))
    marks: list[dict[str, float]] = []
    for member, ran in zip(members, wrong, strict=True):
        points = next(found) if ran else {}
        marks.append({})
        for check in known.material.assignment.checks:
            answer = "" if check.task in member.lost else member.answers[check.task]
            marks[-1][check.id] = points[check.id] if answer in mistaken else check.points if answer else 0.0
    return marks


def _run(known: Answers, members: list[Student]) -> list[dict[str, float]]:
    """Return the points of each check when the answers of ``members`` are run, the stub where there is none."""
    stubs = {grade_id(cell): "".join(cell["source"]) for cell in known.released["cells"]}

    def cells(member: Student) -> Iterator[CodeCell]:
        for cell in known.material.notebook.cells:
            name = grade_id(cell)
            own = name in member.answers
            text = (member.answers[name] or stubs[name]) if own else str(cell.source)
            if cell.cell_type == "code":
                yield CodeCell(name, text, is_check(cell), own)

    marks: list[dict[str, float]] = [{} for _ in members]
    with tempfile.TemporaryDirectory(prefix="autograder-example-") as folder, Warm() as launcher:
        # Twice, and the better mark counts: a check of speed may fail by chance on a busy machine, but not pass.
        programs = [Program(tuple(cells(member)), Path(folder)) for member in members] * 2
        for index, ends in run(programs, launcher, workers=os.cpu_count() or 1):
            best = marks[index % len(members)]
            for check in results(known.material.assignment, programs[index], ends):
                best[check.check] = max(check.points, best.get(check.check, 0.0))
    return marks


def _assemble(known: Answers, member: Student) -> Notebook:
    notebook = copy.deepcopy(known.released)
    for cell in notebook["cells"]:
        cell["source"] = member.answers.get(grade_id(cell)) or "".join(cell["source"])
    return notebook
