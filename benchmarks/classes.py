"""Make the classes that are graded: each student another mixture of answers whose worth is known."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.cells import grade_id
from autograder.course import Course
from autograder.example.make import Answers
from autograder.files import write_atomically

__all__ = ["WORKLOADS", "Workload", "make_class"]

HERE = Path(__file__).resolve().parent
SHARE_WRONG = 0.25


@dataclass(frozen=True)
class Workload:
    """An assignment to grade: ``root`` is the course that holds it."""

    name: str
    root: Path
    assignment: str
    about: str

    def course(self, directory: Path) -> Course:
        return Course.open(self.root, directory)

    @property
    def source(self) -> Path:
        return Course.open(self.root).source(self.assignment)


WORKLOADS = {
    "light": Workload("light", HERE / "light", "01-light", "one task with three cheap checks"),
    "02": Workload("02", HERE.parent, "02-convolution-arithmetic", "the whole assignment 02"),
}


def make_class(workload: Workload, folder: Path, count: int, seed: int = 0) -> list[str]:
    """Write ``count`` submissions below ``folder/submitted`` and return the students' names, in order.

    The first hands in the reference. The others answer each task with the reference, a ``right/`` or, in a quarter of
    the tasks, a ``wrong/`` answer. The first students of a larger class hand in what those of a smaller one do.
    """
    material = Answers.read(workload.course(workload.root), workload.assignment)
    dice = random.Random(f"{workload.assignment} {seed}")
    students = []
    for number in range(count):
        answers = dict(material.reference)
        for task in material.tasks if number else ():
            right = [material.reference[task], *(answer.code for answer in material.right[task])]
            wrong = [answer.code for answer in material.wrong[task]]
            answers[task] = dice.choice(wrong if dice.random() < SHARE_WRONG else right)
        notebook = {**material.released, "cells": [dict(cell) for cell in material.released["cells"]]}
        for cell in notebook["cells"]:
            cell["source"] = answers.get(grade_id(cell), "".join(cell["source"]))
        student = f"student-{number:04d}"
        path = folder / "submitted" / student / workload.assignment / f"{workload.assignment}.ipynb"
        write_atomically(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
        students.append(student)
    return students
