"""Let nbgrader grade by itself: a course of its own kind, its own command, and the marks from its gradebook."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.assignment.release import generate
from autograder.course import Course
from autograder.gradebook.nbgrader_api import quiet_nbgrader

__all__ = ["ABOUT", "command", "environment", "prepare", "read_marks"]

ABOUT = "nbgrader autograde, one process for the class and one kernel for each submission; nbgrader's own defaults"


def prepare(course: Course, assignment: str) -> None:
    """Put the assignment with its hidden tests into the gradebook and write the configuration."""
    url = f"sqlite:///{course.directory / 'gradebook.db'}"
    generate(course.source(assignment), out=course.directory / "release", gradebook_url=url)
    config = (
        f"c = get_config()\nc.CourseDirectory.root = {str(course.directory)!r}\nc.CourseDirectory.db_url = {url!r}\n"
    )
    (course.directory / "nbgrader_config.py").write_text(config, encoding="utf-8")


def environment(course: Course) -> dict[str, str]:
    """Return variables with which nbgrader finds its helper programs and the kernel finds convlab."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {"PATH": search, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def command(assignment: str, student: str = "") -> list[str]:
    """Return the command that grades the class, or one student; run it in the course's folder."""
    one = [f"--student={student}"] if student else []
    return [sys.executable, "-m", "nbgrader", "autograde", assignment, "--force", *one]


def read_marks(course: Course, assignment: str) -> dict[str, dict[str, float]]:
    """Return the points of each check by student."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{course.directory / 'gradebook.db'}") as gradebook:
            return {
                submission.student.id: {grade.name: float(grade.auto_score or 0.0) for grade in notebook.grades}
                for submission in gradebook.assignment_submissions(assignment)
                for notebook in submission.notebooks
            }
