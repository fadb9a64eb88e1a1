"""One warm process for all tests of what authors and students run on their own machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.local.runner import Warm


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as launcher:
        yield launcher
