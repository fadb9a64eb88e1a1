"""The whole class of attackers is graded once by the whole path; each test looks at one thing that came of it."""
# Over 60 s of CPU: 122 attacks, a tenth of which burn all the time that they may, and once more as an ordinary user.

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.isolation import probe
from autograder.model import Outcome
from tests.attacks.attack import FULL, REFUSED
from tests.attacks.classroom import HONEST_STUDENTS, LIMITS, Classroom, graded_class
from tests.attacks.suite import ATTACKS, table
from tests.autograder.isolation.conftest import become_nobody
from tests.autograder.reports.page_help import Page

pytestmark = [pytest.mark.timeout(900)]

PAGE = Path(__file__).parents[2] / "docs/engine/attacks.md"
ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def room() -> Iterator[Classroom]:
    with graded_class() as graded:
        yield graded


def test_this_machine_seals_at_full_strength() -> None:
    assert probe().full_strength, " ".join(probe().lost)


def test_there_are_at_least_forty_attacks_and_everybody_has_a_result(room: Classroom) -> None:
    assert len(ATTACKS) >= 40
    assert set(room.results) == {*ATTACKS, *HONEST_STUDENTS}


@pytest.mark.parametrize("name", ATTACKS)
def test_it_gets_what_it_deserves(room: Classroom, name: str) -> None:
    attack, result = ATTACKS[name], room.results[name]
    assert result.points == pytest.approx(attack.points)
    ends = {check.outcome for check in result.checks if check.check.startswith(f"{attack.task}-")}
    assert ends <= (attack.outcomes or set(Outcome)), ends


@pytest.mark.parametrize("name", ATTACKS)
def test_it_ran_and_was_refused(room: Classroom, name: str) -> None:
    """Each attempt ended in an error that means a refusal, and none in what it wanted."""
    attack, printed = ATTACKS[name], room.printed[name]
    assert [text for text in attack.says if text not in printed] == []
    assert [text for text in attack.never if text in printed] == []
    errors = re.findall(r"^ATTACK RAN: .* -> (\w+)$", printed, re.MULTILINE)
    assert set(errors) <= set(REFUSED)


@pytest.mark.parametrize("name", ATTACKS)
def test_it_learns_nothing_hidden(room: Classroom, name: str) -> None:
    """What only the test holds is nowhere; what the test gave to the code, its author does not get to see."""
    number = str(int.from_bytes(room.input.encode(), "big"))
    hidden = (room.value, room.input, room.input[::-1], number)
    assert room.value not in room.printed[name]
    assert [text for text in hidden if text in room.pages[name]] == []
    assert [text for text in hidden if any(text in note.text for note in room.results[name].notes)] == []


@pytest.mark.parametrize("name", ATTACKS)
def test_its_page_runs_nothing(room: Classroom, name: str) -> None:
    page = Page(room.pages[name])
    assert "task" in page.text.lower()
    assert ESCAPES.findall(room.pages[name]) == []


@pytest.mark.parametrize("name", ATTACKS)
def test_it_costs_no_more_than_its_own_limits(room: Classroom, name: str) -> None:
    """A task's checks may end two sandboxes, and the second has a quarter of the time."""
    used = sum(check.cpu_seconds for check in room.results[name].checks)
    assert used < 3 * LIMITS.cell_seconds


@pytest.mark.parametrize("student", HONEST_STUDENTS)
def test_honest_students_have_full_marks(room: Classroom, student: str) -> None:
    assert room.results[student].points == pytest.approx(FULL)
    assert room.results[student].notes == ()


def test_the_gradebook_holds_the_results_and_nothing_else(room: Classroom) -> None:
    assert room.marks == {student: pytest.approx(result.points) for student, result in room.results.items()}


def test_no_file_has_changed(room: Classroom) -> None:
    assert room.after == room.before
    assert room.before["planted"] == "[]"


def test_nobody_called(room: Classroom) -> None:
    assert room.callers == 0


def test_no_process_is_left(room: Classroom) -> None:
    """Python's own tracker of shared memory stays until this process ends."""
    assert [line for line in room.processes if "resource_tracker" not in " ".join(line)] == []


def test_the_instructors_page_and_table_are_clean(room: Classroom) -> None:
    assert "honest" in Page(room.report).text
    for text in (room.report, room.spreadsheet, room.table):
        assert [word for word in (room.value, room.input) if word in text] == []
        assert ESCAPES.findall(text.replace("\r\n", "\n")) == []


def test_the_page_of_attacks_is_the_suite() -> None:
    """``python -m tests.attacks`` prints the tables for docs/engine/attacks.md."""
    assert table() in PAGE.read_text(encoding="utf-8")


AS_NOBODY = ("reads-tests-by-path", "reads-proc", "spoils-other-work", "opens-sockets", "calls-the-kernel", "fork-bomb")


def test_the_same_holds_for_an_ordinary_user() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.classroom", *AS_NOBODY],
        cwd=Path(__file__).parents[2],
        preexec_fn=become_nobody if os.geteuid() == 0 else None,
        env={"PATH": "/usr/bin:/bin", "HOME": "/var/tmp", "MPLCONFIGDIR": "/var/tmp/attacks-mpl"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["points"] == {**dict.fromkeys(HONEST_STUDENTS, FULL), **{n: ATTACKS[n].points for n in AS_NOBODY}}
    assert [name for name in AS_NOBODY if "-> GOT" in found["printed"][name]] == []
    assert found["same"] is True
