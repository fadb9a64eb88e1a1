"""The table's arithmetic, on made-up measurements."""

from __future__ import annotations

import pytest

from benchmarks.engines import Measured
from benchmarks.table import combine, differences, markdown, rows, summary

FLOOR = Measured("floor", "", 40, 0.004, 0.004, 5.0, 0, {"ada": {"a": 1.0, "b": 2.0}})
SEALED = Measured("sealed", "", 40, 0.040, 0.050, 20.0, 30_000_000, {"ada": {"a": 1.0, "b": 2.0}})
TWO = Measured("sealed-2", "", 40, 0.041, 0.026, 30.0, 0, {"ada": {"a": 1.0, "b": 2.0}})
NBGRADER = Measured("nbgrader", "", 10, 4.4, 5.0, 2.0, 500_000_000, {"ada": {"a": 0.0, "b": 2.0}})
ALL = (FLOOR, SEALED, TWO, NBGRADER)


def test_a_minute_is_by_the_clock_and_ratios_are_of_cpu_time() -> None:
    floor, sealed, _, nbgrader = rows(ALL)
    assert sealed.per_minute == pytest.approx(1200)
    assert sealed.over_floor_ms == pytest.approx(36)
    assert nbgrader.sealed_times == pytest.approx(110)
    assert floor.sealed_times == pytest.approx(0.1)
    assert sealed.private_mb == pytest.approx(30)
    assert floor.over_floor_ms is None
    assert sealed.sealed_times is None


def test_without_the_floor_nothing_is_said_of_it() -> None:
    assert [row.over_floor_ms for row in rows((SEALED, NBGRADER))] == [None, None]
    assert not any("floor" in line for line in summary((SEALED, NBGRADER)))


def test_the_summary_states_what_was_aimed_at() -> None:
    text = "\n".join(summary(ALL))
    assert "CPU over the floor: 36 ms" in text
    assert "Against nbgrader, per core: 110.0 times" in text
    assert "Private memory in flight: 30 MB" in text
    assert "1.92 times the submissions" in text


def test_the_table_has_a_line_for_each_grader_all_of_one_width() -> None:
    lines = markdown(ALL).splitlines()
    assert len(lines) == 2 + len(ALL)
    assert len({len(line) for line in lines}) == 1
    assert "+36 ms" in lines[3]


def test_a_mark_that_differs_is_named_with_both_values() -> None:
    assert differences(ALL) == ["ada, a: floor 1, nbgrader 0"]


def test_a_check_that_one_grader_lacks_is_named_too() -> None:
    other = Measured("otter", "", 1, 1.0, 1.0, 0.0, 0, {"ada": {"a": 1.0}})
    assert differences((FLOOR, other)) == ["ada, b: floor 2, otter nothing"]


def test_several_runs_give_their_medians() -> None:
    runs = [Measured("sealed", "", 40, cpu, wall, 20.0, 0) for cpu, wall in ((0.1, 0.5), (0.3, 0.2), (0.2, 0.4))]
    both = combine(runs)
    assert both.cpu_seconds == pytest.approx(0.2)
    assert both.wall_seconds == pytest.approx(0.4)
