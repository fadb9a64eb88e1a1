"""The floor gives the marks that the answers are worth."""

from __future__ import annotations

import pytest

from autograder.assignment.material import Material
from benchmarks.classes import WORKLOADS
from benchmarks.floor import Floor

SOURCE = WORKLOADS["light"].source
ANSWERS = Material.read(SOURCE).known_answers()[0]


@pytest.fixture(scope="module")
def floor() -> Floor:
    return Floor(SOURCE)


@pytest.mark.parametrize("name", [answer.name for answer in ANSWERS if answer.kind == "right"])
def test_right_answers_get_all_points(floor: Floor, name: str) -> None:
    (code,) = [answer.code for answer in ANSWERS if answer.name == name]
    assert floor.run({"channel_means": code}) == floor.points


@pytest.mark.parametrize("name", [answer.name for answer in ANSWERS if answer.kind == "wrong"])
def test_wrong_answers_lose_points(floor: Floor, name: str) -> None:
    (code,) = [answer.code for answer in ANSWERS if answer.name == name]
    assert sum(floor.run({"channel_means": code}).values()) < sum(floor.points.values())


def test_nothing_stays_from_one_submission_to_the_next(floor: Floor) -> None:
    (code,) = [answer.code for answer in ANSWERS if answer.name == "flatten"]
    assert sum(floor.run({"channel_means": code}).values()) > 0
    assert sum(floor.run({"channel_means": "pass"}).values()) == 0
