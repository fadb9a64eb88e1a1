"""The simulation grades a whole class through a scheduler and workers in other processes, and measures each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.gradebook.gradebook import Gradebook
from autograder.grading.results import ResultStore
from benchmarks.scale import hand_in, measure

SMALL = Path(__file__).parents[1] / "autograder" / "small_course"


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_every_submission_is_graded_recorded_and_counted(tmp_path: Path) -> None:
    course = Course(SMALL, tmp_path)
    hand_in(course, "01-small", 12)
    figures = measure(course, "01-small", workers=5, processes=2)
    results = ResultStore(tmp_path).all("01-small")
    assert (figures.submissions, len(results), figures.workers) == (12, 12, 5)
    assert Gradebook(course).missing(results) == []
    assert 0 < figures.dispatch_cpu_ms < figures.cpu_ms
    assert figures.scheduler_cpu_ms > 0
    assert figures.cpu_ms == pytest.approx(1000 * figures.cpu_seconds / 12)
