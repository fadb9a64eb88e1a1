"""The class report counts right, survives odd classes, and its CSV file is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment.material import Material
from autograder.cli import main
from autograder.course import Course
from autograder.errors import PathError
from autograder.grading.results import ResultStore
from autograder.model import Assignment, CheckResult, ManualPart, Note, Outcome, SubmissionResult
from autograder.reports.class_report import analyse, discrimination, marks_csv, write_report
from autograder.reports.marks import Marks
from tests.autograder.reports.page_help import NAME, Page, assignment, class_of, look, result

SMALL = Path(__file__).parents[1] / "small_course"


def scored(of: Assignment, student: str, passes: str) -> SubmissionResult:
    """Return a result that passes the checks where ``passes`` has a 1."""
    checks = tuple(
        CheckResult(c.id, Outcome.PASSED if p == "1" else Outcome.FAILED, c.points * (p == "1"), c.points)
        for c, p in zip(of.checks, passes, strict=True)
    )
    return SubmissionResult(student, of.name, "k", checks)


def test_figures_of_a_class_worked_out_by_hand() -> None:
    of = assignment(2, 2)  # points 1, 2, 1, 2
    results = [scored(of, "a", "1111"), scored(of, "b", "1100"), scored(of, "c", "0001"), scored(of, "d", "0000")]
    found = analyse(of, results, {})
    assert found.totals == pytest.approx([6, 3, 2, 0])
    assert found.mean == pytest.approx(2.75)
    assert found.median == pytest.approx(2.5)
    assert found.full == 1
    assert [task.mean for task in found.tasks] == pytest.approx([1.5, 1.25])
    assert [check.passed for check in found.checks] == pytest.approx([0.5, 0.5, 0.25, 0.5])
    assert found.hardest[0].id == "task2-public"
    assert found.hardest[0].failed_by == ("b", "c", "d")
    # Of the check task2-c1: passed by a and c, rest scores 4, 3, 0, 0 and passes 1, 0, 1, 0.
    assert found.checks[3].discrimination == pytest.approx((2 - 1.5) / (2 * 1.785357))


def test_discrimination_agrees_with_the_textbook_formula() -> None:
    passed, rest = [True, True, False, True, False, False], [9.0, 7.5, 3.0, 4.0, 5.0, 1.0]
    ones = [r for p, r in zip(passed, rest, strict=True) if p]
    zeros = [r for p, r in zip(passed, rest, strict=True) if not p]
    mean = sum(rest) / 6
    spread = (sum((r - mean) ** 2 for r in rest) / 6) ** 0.5
    expected = (sum(ones) / 3 - sum(zeros) / 3) / spread * (0.5 * 0.5) ** 0.5
    assert discrimination(passed, rest) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        ([True] * 5, [1.0, 2, 3, 4, 5]),
        ([False] * 5, [1.0, 2, 3, 4, 5]),
        ([True, False, True], [2.0, 2.0, 2.0]),
        ([True, False], [1.0, 2.0]),
        ([], []),
    ],
)
def test_discrimination_is_not_defined_without_variance(passed: list[bool], rest: list[float]) -> None:
    assert discrimination(passed, rest) is None


def test_unreadable_notebooks_count_in_marks_and_not_in_checks() -> None:
    of = assignment(2, 2)
    results = [scored(of, "a", "1111"), result(of, "x", 4, outcome=Outcome.UNREADABLE)]
    found = analyse(of, results, {})
    assert found.mean == pytest.approx(3)
    assert [check.seen for check in found.checks] == [1] * 4
    assert found.hardest == []
    assert [row.student for row in found.noted] == ["x"]


def test_what_the_instructor_changed_counts_in_marks_and_csv() -> None:
    of = assignment(2, 2)
    marks = {"a": Marks({"task1-c1": 0.5}, {"task2-public": 0.25}, (), 1.0)}
    found = analyse(of, [scored(of, "a", "1111")], marks)
    assert found.students[0].total == pytest.approx(6 - 1.5 + 0.25 - 1)
    assert found.students[0].tasks == pytest.approx((1.5, 3.25))
    assert found.students[0].adjusted
    assert found.checks[1].passed == pytest.approx(1.0)


def test_csv_has_a_row_per_student_and_a_column_per_task_and_check() -> None:
    of = assignment(2, 2)
    rows = list(csv.reader(io.StringIO(marks_csv(analyse(of, [scored(of, "b", "1110"), result(of, "a")], {})))))
    last = ["known mistakes", "seconds", "memory_mb", "notes"]
    assert rows[0] == ["student", "total", "task1", "task2", *(check.id for check in of.checks), *last]
    assert rows[1] == ["a", "6", "3", "3", "1", "2", "1", "2", "", "1", "", ""]
    assert rows[2] == ["b", "4", "3", "1", "1", "2", "1", "0", "", "0", "", ""]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "=HYPERLINK(0)", '=cmd,"x"'])
def test_csv_cells_are_no_formulas(text: str) -> None:
    of = assignment(1, 1)
    graded = replace(scored(of, text.replace('"', ""), "1"), notes=(Note("n", text), Note("n", "second\nline")))
    out = marks_csv(analyse(of, [graded], {}))
    row = list(csv.reader(io.StringIO(out)))[1]
    assert row[0] == "'" + text.replace('"', "")
    assert row[-1].startswith("'")
    assert row[-1].endswith("; second line")
    assert out.count("\r\n") == 2


@pytest.mark.parametrize("size", [1, 2, 3])
def test_small_classes_and_odd_times_make_a_page(tmp_path: Path, size: int) -> None:
    of = assignment(1, 1)
    results = [replace(scored(of, f"s{i}", "0"), seconds=0.0) for i in range(size)]
    page, table, found = write_report(Course(tmp_path, tmp_path), of, results, {})
    assert len(found.students) == size
    assert "s0" in Page(page.read_text(encoding="utf-8")).text
    assert table == page.with_name("marks.csv")


def test_hostile_text_stays_text_and_detail_stays_away(tmp_path: Path) -> None:
    of = assignment(2, 2)
    evil = "<script>alert(1)</script>\x1b[31m\u202e\"' onclick=x /home/ann/x"
    bad = result(of, "x&y'<z".replace("<", ""), 4, outcome=Outcome.UNREADABLE)
    bad = replace(bad, checks=tuple(replace(c, message=evil) for c in bad.checks), notes=(Note(evil, evil),) * 9)
    evil_of = replace(of, title=evil, tasks=tuple(replace(task, title=evil) for task in of.tasks))
    page, table, _ = write_report(Course(tmp_path, tmp_path), evil_of, [bad, result(of, "ann", 3)], {})
    html = page.read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" in Page(html).text
    both = html + table.read_text(encoding="utf-8")
    for leak in ("HIDDEN-DETAIL", "/home/ann", "\x1b", "\u202e"):
        assert leak not in both
    assert "… and 5 more." in html


def test_an_id_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    of = assignment(1, 1)
    with pytest.raises(PathError):
        write_report(Course(tmp_path, tmp_path), of, [scored(of, "../up", "1")], {})
    assert list(tmp_path.iterdir()) == []


def test_the_page_links_the_feedback_that_is_there(tmp_path: Path) -> None:
    of = assignment(1, 1)
    target = tmp_path / "feedback" / "a#b c" / NAME / f"{NAME}.html"
    target.parent.mkdir(parents=True)
    target.touch()
    page, _, _ = write_report(Course(tmp_path, tmp_path), of, [scored(of, "a#b c", "1"), scored(of, "d", "1")], {})
    links = Page(page.read_text(encoding="utf-8")).hrefs
    assert links == ["marks.csv", f"../../feedback/a%23b%20c/{NAME}/{NAME}.html"]


def test_a_class_of_two_hundred_stays_light(tmp_path: Path) -> None:
    of = assignment(12, 5)
    page, _, _ = write_report(Course(tmp_path, tmp_path), of, class_of(of, 200), {})
    assert page.stat().st_size <= 150_000


def test_the_page_is_accessible_self_contained_and_fits_a_phone(tmp_path: Path) -> None:
    of = assignment()
    results = [*class_of(of), replace(result(of, "w" * 60, 2), seconds=21.0)]
    page, _, _ = write_report(Course(tmp_path, tmp_path), of, results, {"student03": Marks({"task1-c1": 0.5})})
    assert look([page]) == []


def test_the_command_prints_a_summary_and_the_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOGRADER_DB", raising=False)
    shutil.copytree(SMALL, tmp_path / "course")
    (tmp_path / "course/exercises").mkdir(exist_ok=True)
    course = Course.open(tmp_path / "course")
    of = Material.read(course.source("01-small")).assignment

    def run(*args: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["report", "01-small", "--root", str(course.root), *args])
        return int(str(ended.value.code))

    assert run() == 2
    assert "autograder grade 01-small" in capsys.readouterr().err
    assert not course.report.exists()
    for index, student in enumerate(("ann", "bob", "eve")):
        ResultStore(course.directory).save(result(of, student, index))
    assert run() == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("01-small: 3 submissions, mean ")
    assert out[-2:] == [str(course.report / "01-small/index.html"), str(course.report / "01-small/marks.csv")]
    assert run("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["submissions"] == 3
    assert said["full_marks"] == 1
    assert Path(said["csv"]).is_file()


def test_known_mistakes_are_counted_with_who_made_them(tmp_path: Path) -> None:
    of = assignment(2, 2)
    evil = "You <script>alert(1)</script> flipped it."

    def makes(student: str, *sentences: str) -> SubmissionResult:
        graded = scored(of, student, "1000")
        own = ("", "", *sentences)
        return replace(graded, checks=tuple(replace(c, mistake=m) for c, m in zip(graded.checks, own, strict=True)))

    results = [
        makes("b", evil, evil),
        makes("a", evil, evil),
        makes("c", "You rounded up.", ""),
        scored(of, "d", "1111"),
    ]
    page, table, found = write_report(Course(tmp_path, tmp_path), of, results, {})
    assert [(m.sentence, m.task, m.made_by) for m in found.mistakes] == [
        (evil, "task2", ("a", "b")),
        ("You rounded up.", "task2", ("c",)),
    ]
    assert found.summary()["mistakes"][0]["students"] == ("a", "b")
    assert evil in Page(page.read_text(encoding="utf-8")).text
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["known mistakes"] for row in rows] == [evil, evil, "You rounded up.", ""]


def test_time_and_memory_are_shown_where_they_are_known(tmp_path: Path) -> None:
    of = assignment(1, 1)
    results = [replace(scored(of, f"s{i}", "1"), seconds=1.5, memory_mb=mb) for i, mb in enumerate((12.5, None, 40.0))]
    page, table, found = write_report(Course(tmp_path, tmp_path), of, results, {})
    assert found.summary()["most_memory_mb"] == pytest.approx(40)
    assert found.summary()["seconds"] == pytest.approx(4.5)
    assert "at most 40 MB" in Page(page.read_text(encoding="utf-8")).text
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["memory_mb"] for row in rows] == ["12.5", "", "40"]
    plain, _, _ = write_report(Course(tmp_path, tmp_path), of, [scored(of, "s", "1")], {})
    assert "Memory" not in Page(plain.read_text(encoding="utf-8")).text


def test_what_a_person_grades_counts_in_tasks_totals_and_csv() -> None:
    of = replace(
        assignment(1, 2), manual=(ManualPart("why", "why", 4.0, "Why"), ManualPart("task1-p", "task1", 2.0, "P"))
    )
    marks = {"a": Marks({"why": 3.0, "task1-p": 1.0})}
    found = analyse(of, [scored(of, "a", "11"), scored(of, "b", "11")], marks)
    assert found.max_points == pytest.approx(9)
    assert [(task.title, task.max_points) for task in found.tasks] == [("Task number 1", 5), ("Why", 4)]
    assert [row.tasks for row in found.students] == [pytest.approx((4, 3)), pytest.approx((3, 0))]
    assert [row.adjusted for row in found.students] == [False, False]
    rows = list(csv.DictReader(io.StringIO(marks_csv(found))))
    assert [(row["total"], row["why"], row["task1-p"]) for row in rows] == [("7", "3", "1"), ("3", "", "")]
