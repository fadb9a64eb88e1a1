"""What nbgrader's gradebook holds, for tests that look into it."""

from __future__ import annotations

from autograder.course import Course
from autograder.gradebook.nbgrader_api import quiet_nbgrader

__all__ = ["grades"]


def grades(course: Course, student: str, name: str = "01-small") -> list[tuple[float, float | None, float | None, int]]:
    """Return auto score, manual score, extra credit and whether a person must look, of each check."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook as Api

        with Api(course.gradebook_url) as api:
            (notebook,) = api.find_submission(name, student).notebooks
            return [(g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade) for g in notebook.grades]
