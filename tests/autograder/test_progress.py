"""A long run shows how far it is: a bar on a terminal, lines elsewhere, JSON for scripts."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

import pytest

from autograder import progress as module
from autograder.progress import Progress, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(bar: Progress) -> None:
    with bar:
        bar.begin(3)
        for student in ("ada", "bo", "cy [red]"):
            bar.step(student, 7.5)
        bar.begin(2, "Learning known mistakes")
        bar.step("")
        bar.step("")


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    work(progress("Grading"))
    lines = capsys.readouterr().err.splitlines()
    assert [re.sub(r"[\d.]+/s", "9/s", line) for line in lines] == [
        "Grading 1/3, 9/s, about 0 s left",
        "Grading 3/3, 9/s",
        "Learning known mistakes 1/2, 9/s, about 0 s left",
        "Learning known mistakes 2/2, 9/s",
    ]


def test_a_bar_with_rate_and_remaining_time_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    bar = progress("Grading")
    with bar:
        bar.begin(3)
        bar.step("cy [red]", 7.5)
        bar.bar.refresh()  # type: ignore[attr-defined]
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
        bar.begin(2, "Learning")
        bar.bar.refresh()  # type: ignore[attr-defined]
        again = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert re.search(r"Grading .*1/3 .*\d\.\d/s +(-|\d):.*cy \[red\]", shown)
    assert "Learning" not in shown
    assert re.search(r"Learning .*0/2", again)


def test_nothing_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    work(progress("Grading", quiet=True))
    work(progress("Grading", quiet=True, as_json=True))
    assert capsys.readouterr().err == ""


def test_json_says_who_how_many_and_how_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    work(progress("Grading", as_json=True))
    found = events(capsys.readouterr().err)
    assert [event["event"] for event in found] == ["begin", *["graded"] * 3, "begin", *["step"] * 2, "finished"]
    assert found[0] == {"event": "begin", "doing": "grading", "of": 3}
    assert found[1].keys() == {"event", "student", "points", "done", "of", "rate", "remaining_s"}
    assert [(event["student"], event["points"], event["done"]) for event in found[1:4]] == [
        ("ada", 7.5, 1),
        ("bo", 7.5, 2),
        ("cy [red]", 7.5, 3),
    ]
    assert found[1]["rate"] == pytest.approx(0.5)
    assert found[1]["remaining_s"] == pytest.approx(8)
    assert found[3]["remaining_s"] == pytest.approx(0)
    assert found[-1] == {"event": "finished", "graded": 3}


@pytest.mark.parametrize(("error", "last"), [(KeyboardInterrupt, "stopped"), (OSError, "failed")])
def test_json_says_how_it_ended(capsys: pytest.CaptureFixture[str], error: type[BaseException], last: str) -> None:
    def fail() -> None:
        with progress("Grading", as_json=True) as bar:
            bar.begin(2)
            bar.step("ada", 1)
            raise error

    with pytest.raises(error):
        fail()
    assert events(capsys.readouterr().err)[-1] == {"event": last, "graded": 1}
