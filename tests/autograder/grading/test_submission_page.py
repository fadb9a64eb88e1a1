"""docs/submission.md names modules, classes and functions: each of them is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMES = re.findall(r"`([A-Za-z_][\w./]*)`", (ROOT / "docs" / "submission.md").read_text(encoding="utf-8"))
MODULES = """
assignment.material engines.contract gradebook.directory gradebook.gradebook gradebook.penalties grading.conditions
grading.grade grading.handed_in grading.mistakes grading.recording grading.regrade grading.results model
reports.class_report reports.feedback submissions.find submissions.intake
"""


def test_it_names_the_steps() -> None:
    assert sum(name.startswith("ClassRun.") for name in NAMES) >= 8


@pytest.mark.parametrize("name", sorted({name for name in NAMES if not name.endswith("/")}))
def test_what_the_page_names_exists(name: str) -> None:
    if "/" in name:
        assert name.startswith("submitted/") or (ROOT / name).exists()
    elif name.startswith("autograder."):
        assert importlib.import_module(name)
    else:
        first, _, rest = name.partition(".")
        modules = [importlib.import_module(f"autograder.{module}") for module in MODULES.split()]
        owner = next((getattr(module, first) for module in modules if hasattr(module, first)), None)
        assert owner is not None
        assert not rest or hasattr(owner, rest)
