"""Setting up says in one line what is missing, and does nothing when nothing is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup_env


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare copy of what setting up reads, with its own ``.venv`` path."""
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((setup_env.ROOT / name).read_bytes())
    monkeypatch.setattr(setup_env, "ROOT", tmp_path)
    monkeypatch.setattr(setup_env, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_env, "STAMP", tmp_path / ".venv" / "course-stamp")
    return tmp_path


def test_versions_are_read_from_the_interpreter() -> None:
    assert setup_env.version_of(sys.executable) == sys.version_info[:2]
    assert setup_env.version_of("no-such-python") is None


def test_no_supported_python_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "version_of", lambda python: (3, 9))
    with pytest.raises(setup_env.SetupError, match=r"Python 3\.11 to 3\.13 is needed"):
        setup_env.choose_python()


def test_a_newer_python_on_the_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "version_of", lambda python: (3, 12) if python == "python3.12" else None)
    assert setup_env.choose_python() == "python3.12"


def test_a_missing_lock_is_named(copy: Path) -> None:
    (copy / "requirements.txt").unlink()
    with pytest.raises(setup_env.SetupError, match=r"requirements\.txt is missing"):
        setup_env.main()


def test_the_second_time_nothing_is_installed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(setup_env, "install", lambda: calls.append("install"))
    setup_env.main()
    setup_env.main()
    assert calls == ["install"]
    (copy / "requirements.txt").write_text("changed==1\n")
    setup_env.main()
    assert calls == ["install", "install"]


def test_a_broken_environment_is_made_anew(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_env, "install", lambda: None)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "left-over").write_text("x")
    setup_env.main()
    assert setup_env.version_of(str(setup_env.venv_python())) == sys.version_info[:2]
    assert not (copy / ".venv" / "left-over").exists()


def test_a_failed_step_is_one_line(copy: Path) -> None:
    with pytest.raises(setup_env.SetupError, match=r"Trying failed \(exit code 5\)"):
        setup_env.run(sys.executable, "-c", "raise SystemExit(5)", what="Trying")


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    script = f"import runpy; runpy.run_path({str(setup_env.ROOT / 'tools' / 'setup_env.py')!r}, run_name='loaded')"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
