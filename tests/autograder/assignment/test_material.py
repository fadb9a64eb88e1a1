"""Material: an assignment read once, and a fingerprint of all that decides its marks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.material import Material
from autograder.errors import PathError

SMALL = Path(__file__).parents[1] / "small_course" / "solutions"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "solutions")) / "01-small" / "01-small.py"


def test_same_bytes_are_read_once(source: Path) -> None:
    first = Material.read(source)
    assert Material.read(source) is first
    assert first.name == "01-small"
    assert list(first.reference) == ["half_up", "spread"]
    assert "secret_halves" in first.texts["half_up-halves"]
    assert "shifted_by_a_half=value+0.5" in first.hidden


def test_any_byte_of_the_source_or_of_the_shared_parts_changes_the_fingerprint(source: Path) -> None:
    found = {Material.read(source).fingerprint}
    text = source.read_text(encoding="utf-8")
    for at in (text.index("nearest"), text.index("0.5"), text.index("1.7"), text.index("2.5: 3")):
        source.write_text(text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :], encoding="utf-8")
        found.add(Material.read(source).fingerprint)
    source.write_text(text, encoding="utf-8")
    for name in ("header.md", "setup.py", "footer.md"):
        (source.parents[1] / "shared").mkdir(exist_ok=True)
        (source.parents[1] / "shared" / name).write_text("# {{ title }}\n" if name == "header.md" else "# x\n")
        found.add(Material.read(source).fingerprint)
    assert len(found) == 8


def test_copy_may_be_changed(source: Path) -> None:
    material = Material.read(source)
    material.copy().cells[0].source = "changed"
    assert material.notebook.cells[0].source != "changed"


def test_missing_source_is_a_path_error(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="is not a file"):
        Material.read(tmp_path / "none.py")
