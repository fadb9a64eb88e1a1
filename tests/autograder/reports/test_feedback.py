"""Feedback pages hold what a student needs, nothing hidden, and nothing that a student's text could make of them."""

from __future__ import annotations

import json
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment.material import Material
from autograder.cli import main
from autograder.course import Course
from autograder.errors import PathError
from autograder.grading.results import ResultStore
from autograder.model import CheckResult, ManualPart, Note, Outcome, SubmissionResult
from autograder.reports.feedback import MAX_PAGE_BYTES, feedback_page, public_tests, write_feedback
from autograder.reports.marks import Marks, NotGraded
from tests.autograder.reports.page_help import NAME, Page, assignment, look, result

SMALL = Path(__file__).parents[1] / "small_course"
HOSTILE = (
    "</code></p><script>alert(1)</script><img src=x onerror=alert(1)>\" onload='x' {{ 7*7 }} {% raw %}"
    "\x1b[31mred\x1b]0;title\x07\x00\x08\x9b2J \u202egpj.exe\u2066 \ud800 `</code><svg onload=1>` &lt;b&gt; "
    "javascript:alert(1) /home/ann/.ssh/id_rsa \\\\host\\share ]]> <!-- <style>*{display:none}</style>\n"
    'Traceback (most recent call last):\n  File "/srv/grader/hidden_tests.py", line 3\n    expected = SECRET\n'
)


def course_in(folder: Path) -> Course:
    (folder / "exercises").mkdir()
    return Course(folder, folder)


def test_a_page_says_what_was_checked_and_what_to_do() -> None:
    of = assignment()
    page = Page(feedback_page(of, result(of, "ann", 5)))
    for part in ("ann", "Convolution arithmetic", "of 48 points", "Expected shape (6, 9), received (9, 6).", "Next:"):
        assert part in page.text
    assert "A locked cell was missing and was put back." in page.text
    assert page.text.count("not passed") == 5
    assert page.hrefs == [f"#task-{number}" for number in range(1, 9)]


def test_staff_detail_is_never_shown() -> None:
    of = assignment()
    html = feedback_page(of, result(of, "ann", 24))
    assert "HIDDEN-DETAIL" not in html
    assert "secret" not in html


def test_hostile_text_in_every_field_stays_text() -> None:
    of = assignment(2, 2)
    task = replace(of.tasks[0], title=HOSTILE, checks=tuple(replace(c, title=HOSTILE) for c in of.tasks[0].checks))
    of = replace(of, title=HOSTILE, tasks=(task, *of.tasks[1:]))
    outcomes = (Outcome.FAILED, Outcome.ERROR, Outcome.CRASHED, Outcome.PASSED)
    checks = tuple(
        CheckResult(check.id, outcome, 0.0, 1.0, f"{number} {HOSTILE}", "HIDDEN-DETAIL")
        for number, (check, outcome) in enumerate(zip(of.checks, outcomes, strict=True))
    )
    gone = CheckResult(HOSTILE, Outcome.FAILED, 0.0, 1.0, HOSTILE)
    graded = SubmissionResult(HOSTILE, NAME, HOSTILE, (*checks, gone), (Note(HOSTILE, HOSTILE),))
    marks = Marks({}, {}, (("task1", HOSTILE), ("elsewhere", HOSTILE)))
    html = feedback_page(of, graded, marks, {"task1-public": HOSTILE})
    page = Page(html)  # refuses any element or attribute that is not ours
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    for leak in ("HIDDEN-DETAIL", "/home/ann", "id_rsa", "Traceback", "SECRET", "share"):
        assert leak not in html
    assert {c for c in html if unicodedata.category(c) in ("Cc", "Cf", "Cs")} <= {"\n"}


def test_hostile_text_in_an_unreadable_result_stays_text() -> None:
    of = assignment()
    graded = result(of, HOSTILE, 24, outcome=Outcome.UNREADABLE)
    graded = replace(graded, checks=tuple(replace(check, message=HOSTILE) for check in graded.checks))
    page = Page(feedback_page(of, graded))
    assert "could not be graded" in page.text
    assert "What to do:" in page.text
    assert "Show the test" not in page.text


@pytest.mark.parametrize("filler", ["&", "<", "é", "`x`", "\x1b[0m", "a b\n"])
def test_no_page_is_heavier_than_the_limit(filler: str) -> None:
    of = assignment(12, 5)
    graded = result(of, "ann", 60)
    checks = tuple(replace(check, message=f"{i}" + filler * 100_000) for i, check in enumerate(graded.checks))
    graded = replace(graded, checks=checks, notes=tuple(Note("n", filler * 100_000) for _ in range(500)))
    marks = Marks(comments=tuple((f"task{i}", filler * 100_000) for i in range(12)))
    html = feedback_page(of, graded, marks, {check.id: "y" * 20_000 for check in of.checks})
    assert len(html.encode()) <= MAX_PAGE_BYTES
    assert "… and 470 more." in Page(html).text


def test_what_the_instructor_entered_is_shown_and_counts() -> None:
    of = assignment(1, 3)
    marks = Marks({"task1-c2": 1.5}, {"task1-public": 0.5}, (("task1", "Well argued."),), 0.25)
    text = " ".join(Page(feedback_page(of, result(of, "ann", 1), marks)).text.split())
    assert "4.75 of 6 points, 0.5 of them extra credit, after 0.25 off for handing in late" in text
    assert "points set by your instructor" in text
    assert "Well argued." in text
    assert "4.75" not in Page(feedback_page(of, result(of, "ann", 1))).text


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.PASSED])
def test_an_outcome_without_a_message_still_says_something(outcome: Outcome) -> None:
    of = assignment(1, 2)
    graded = result(of, "ann", 1, outcome=outcome)
    graded = replace(graded, checks=tuple(replace(check, message="") for check in graded.checks))
    assert 'class="said"' in feedback_page(of, graded)


def test_the_same_reason_is_given_once_per_task() -> None:
    of = assignment(1, 3)
    graded = result(of, "ann", 3)
    graded = replace(graded, checks=tuple(replace(check, message="Not written yet.") for check in graded.checks))
    text = Page(feedback_page(of, graded)).text
    assert text.count("Not written yet.") == 1
    assert text.count("for the reason given above") == 2


def test_points_of_checks_that_are_gone_still_count() -> None:
    old, new = assignment(2, 2), assignment(1, 2)
    text = Page(feedback_page(new, result(old, "ann"))).text
    assert "of 6 points" in text
    assert "Checks of an earlier version" in text


def test_only_the_failed_public_tests_of_the_release_are_shown(tmp_path: Path) -> None:
    def cell(name: str, source: str, grade: bool = True) -> dict[str, object]:
        return {"cell_type": "code", "metadata": {"nbgrader": {"grade": grade, "grade_id": name}}, "source": source}

    cells = [
        cell("task1-public", "assert f(2) < 5"),
        cell("task1-c1", "# Check 1.1\nassert other"),
        cell("task2-public", "### BEGIN HIDDEN TESTS\nassert f(3) == 42\n### END HIDDEN TESTS"),
        cell("task1", "def f(): ...", grade=False),
    ]
    path = tmp_path / "release.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    tests = public_tests(path)
    assert tests == {"task1-public": "assert f(2) < 5", "task1-c1": "# Check 1.1\nassert other"}
    of = assignment(2, 2)
    text = Page(feedback_page(of, result(of, "ann", 4), None, tests)).text
    assert "assert f(2) < 5" in text
    assert "assert other" not in text
    assert "assert f(2) < 5" not in Page(feedback_page(of, result(of, "ann", 0), None, tests)).text


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [3, {"metadata": null}]}'])
def test_a_damaged_release_shows_no_tests(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    assert public_tests(tmp_path / "x.ipynb") == {}
    assert public_tests(tmp_path / "absent.ipynb") == {}


def test_pages_go_where_nbgrader_looks_and_nothing_else_is_left(tmp_path: Path) -> None:
    course, of = course_in(tmp_path), assignment()
    pages = write_feedback(course, of, [result(of, "bob"), result(of, "ann", 3)], {})
    assert pages == [tmp_path / f"feedback/{student}/{NAME}/{NAME}.html" for student in ("ann", "bob")]
    assert sorted(p for p in (tmp_path / "feedback").rglob("*") if p.is_file()) == pages


def test_only_the_named_students_get_a_page(tmp_path: Path) -> None:
    course, of = course_in(tmp_path), assignment()
    results = [result(of, "ann"), result(of, "bob")]
    assert len(write_feedback(course, of, results, {}, ["bob", "bob"])) == 1
    with pytest.raises(NotGraded, match="'eve'"):
        write_feedback(course, of, results, {}, ["ann", "eve"])
    assert not (tmp_path / "feedback/ann").exists()


@pytest.mark.parametrize("student", ["..", "../../x", "/etc", "a\\b", "x\x00"])
def test_an_id_that_leads_elsewhere_is_refused_before_anything_is_written(tmp_path: Path, student: str) -> None:
    course, of = course_in(tmp_path), assignment()
    with pytest.raises(PathError, match="cannot name a folder"):
        write_feedback(course, of, [result(of, "ann"), result(of, student)], {})
    assert not (tmp_path / "feedback").exists()


def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    course, of = course_in(tmp_path / "class"), assignment()
    course.feedback.mkdir()
    (course.feedback / "ann").symlink_to(tmp_path)
    with pytest.raises(PathError, match="leads out"):
        write_feedback(course, of, [result(of, "ann")], {})


def test_pages_are_accessible_self_contained_and_fit_a_phone(tmp_path: Path) -> None:
    course, of = course_in(tmp_path), assignment()
    long_word = replace(of, title="A" * 90)
    graded = [
        result(long_word, "ann", 5),
        result(of, "bob", 24, outcome=Outcome.UNREADABLE),
        replace(
            result(of, "eve", 1),
            checks=(
                *result(of, "eve", 1).checks[:-1],
                replace(result(of, "eve", 1).checks[-1], message="`" + "long" * 300 + "`"),
            ),
        ),
    ]
    marks = {"ann": Marks({"task1-public": 0.5}, {"task2-c1": 1.0}, (("task1", "Good."), ("x", "Overall fine.")))}
    tests = {
        "cells": [{"metadata": {"nbgrader": {"grade": True, "grade_id": "task8-public"}}, "source": "x = 1 " * 60}]
    }
    path = course.exercises / NAME / f"{NAME}.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(tests))
    assert look(write_feedback(course, long_word, graded, marks)) == []


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.delenv("AUTOGRADER_DB", raising=False)
    shutil.copytree(SMALL, tmp_path / "course")
    (tmp_path / "course/exercises").mkdir(exist_ok=True)
    return Course.open(tmp_path / "course")


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(str(ended.value.code))


def test_the_command_writes_pages_and_says_where(small: Course, capsys: pytest.CaptureFixture[str]) -> None:
    of = Material.read(small.source("01-small")).assignment
    store = ResultStore(small.directory)
    for student in ("ann", "bob"):
        store.save(result(of, student, 1))
    assert run("feedback", "01-small", "--root", str(small.root)) == 0
    assert "2 feedback pages for 01-small" in capsys.readouterr().out
    assert run("feedback", "01-small", "--root", str(small.root), "--student", "bob", "--json") == 0
    (page,) = json.loads(capsys.readouterr().out)["pages"]
    assert Path(page).is_file()
    assert of.tasks[0].title in Page(Path(page).read_text(encoding="utf-8")).text


def test_the_command_says_what_to_do_when_nothing_is_graded(small: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("feedback", "01-small", "--root", str(small.root)) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "autograder grade 01-small" in err
    assert run("feedback", "01-smal", "--root", str(small.root)) == 2
    assert "Did you mean 01-small?" in capsys.readouterr().err
    assert not small.feedback.exists()


def with_mistake(graded: SubmissionResult, task: str, sentence: str) -> SubmissionResult:
    checks = tuple(
        replace(c, mistake=sentence) if c.check.startswith(task) and c.outcome is not Outcome.PASSED else c
        for c in graded.checks
    )
    return replace(graded, checks=checks)


def test_a_known_mistake_is_named_once_in_its_task_and_as_text() -> None:
    of = assignment(2, 3)
    graded = with_mistake(result(of, "ann", 2), "task2", f"You flipped the kernel. {HOSTILE}")
    html = feedback_page(of, graded)
    text = Page(html).text
    assert text.count("This looks like a known mistake") == 1
    assert text.count("You flipped the kernel.") == 1
    assert text.index("Task number 2") < text.index("You flipped the kernel.")
    assert "/home/ann" not in html
    assert "This looks like" not in feedback_page(of, result(of, "ann", 2))


def test_what_a_person_grades_is_shown_with_its_points_or_without() -> None:
    parts = (ManualPart("why", "why", 4.0, "Why it is so"), ManualPart("task1-plot", "task1", 2.0, "A plot"))
    of = replace(assignment(1, 2), manual=parts)
    graded = result(of, "ann")
    waiting = " ".join(Page(feedback_page(of, graded)).text.split())
    assert "3 of 9 points" in waiting
    assert waiting.count("your instructor grades this, and has not yet") == 2
    text = " ".join(Page(feedback_page(of, graded, Marks({"why": 3.5, "task1-plot": 1.0}, {"why": 0.5}))).text.split())
    assert "8 of 9 points" in text
    assert "Why it is so 3.5 / 4 + 0.5 graded by your instructor" in text
    assert "has not yet" not in text


def test_a_page_with_mistakes_and_manual_parts_is_accessible_and_fits_a_phone(tmp_path: Path) -> None:
    parts = (ManualPart("why", "why", 4.0, "W" * 60), ManualPart("task1-plot", "task1", 2.0, "A plot"))
    course, of = course_in(tmp_path), replace(assignment(2, 3), manual=parts)
    graded = with_mistake(result(of, "ann", 3), "task2", "You " + "flipped" * 20 + " it. Or: you did not.")
    assert look(write_feedback(course, of, [graded], {"ann": Marks({"why": 1.0})})) == []
