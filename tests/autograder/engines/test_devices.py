"""Grading on two devices: marks are the first one's, and every check that ends otherwise on the second is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.engines.choose import engine_factory
from autograder.engines.contract import Job
from autograder.engines.devices import Compared, gpu_files, parse_devices, require_gpu
from autograder.errors import UsageError
from autograder.model import Assignment, Note, Outcome, Submission
from autograder.submissions.intake import IntakeResult
from tests.fakes import FakeEngine, fixed

SMALL = Path(__file__).parents[1] / "small_course"


def job(student: str) -> Job:
    intake = IntakeResult(notes=(Note("name", "before"),))
    return Job(Submission(student, "a", Path("a.ipynb")), "key", intake, {}, Assignment("a", "A", ()), Path("a"))


def saying(**outcomes: Outcome) -> FakeEngine:
    return FakeEngine(fixed(**outcomes))


def test_marks_are_the_first_devices_and_differences_are_notes() -> None:
    cpu = saying(same=Outcome.PASSED, differs=Outcome.PASSED, slow=Outcome.FAILED)
    cuda = saying(same=Outcome.PASSED, differs=Outcome.ERROR, slow=Outcome.TIME_LIMIT)
    found = list(Compared(cpu, cuda, ("cpu", "cuda")).grade(iter([job("a"), job("b")])))
    assert [graded.result.student for graded in found] == ["a", "b"]
    for graded in found:
        assert graded.result.points == pytest.approx(2)
        assert [note.text for note in graded.result.notes] == [
            "before",
            "differs ended differently: passed on cpu, error on cuda.",
            "slow ended differently: failed on cpu, time limit on cuda.",
        ]


def test_a_check_that_the_second_device_never_ran_is_named() -> None:
    cpu, cuda = saying(same=Outcome.PASSED, more=Outcome.PASSED), saying(same=Outcome.PASSED)
    (graded,) = Compared(cpu, cuda, ("cpu", "cuda")).grade([job("a")])
    assert [note.text for note in graded.result.notes][1:] == ["more was not run on cuda."]


def test_two_devices_are_another_engine_to_stored_results() -> None:
    both = Compared(saying(), saying(), ("cpu", "cuda"))
    assert both.version != saying().version
    assert both.warning == FakeEngine.warning


@pytest.mark.parametrize(("text", "devices"), [("cpu", ("cpu",)), ("cuda", ("cuda",)), ("cpu, cuda", ("cpu", "cuda"))])
def test_devices_are_read(text: str, devices: tuple[str, ...]) -> None:
    assert parse_devices(text) == devices


@pytest.mark.parametrize("text", ["", "gpu", "cpu,cpu", "cuda:1", "cpu;cuda"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Say cpu, cuda, or cpu,cuda"):
        parse_devices(text)


def test_device_files_of_the_driver_are_found(tmp_path: Path) -> None:
    for name in ("nvidia0", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    (tmp_path / "nvidia-caps").mkdir()
    assert [path.name for path in gpu_files(tmp_path)] == ["nvidia-uvm", "nvidia0", "nvidiactl"]


def test_no_device_file_is_no_gpu(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no GPU here"):
        require_gpu(tmp_path)


def test_a_device_file_that_torch_cannot_use_is_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nvidia0").touch()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # hides a real one
    with pytest.raises(UsageError, match="torch cannot use this machine's GPU"):
        require_gpu(tmp_path)


@pytest.mark.parametrize("device", ["cuda", "cpu,cuda"])
def test_grading_on_a_gpu_that_is_not_there_is_a_usage_error(device: str, tmp_path: Path) -> None:
    """Where there is a GPU it is hidden from torch, so that this runs everywhere."""
    (tmp_path / "submitted").mkdir()
    command = ["-m", "autograder", "grade", "01-small", "--root", SMALL, "--course", tmp_path, "--device", device]
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    run = subprocess.run([sys.executable, *map(str, command)], env=hidden, capture_output=True, text=True)
    assert run.returncode == 2
    assert "GPU" in run.stderr
    assert "--device cpu" in run.stderr


def test_nbgraders_converter_has_no_devices() -> None:
    with pytest.raises(UsageError, match="Only the sealed engine can use a GPU"):
        engine_factory("nbgrader", device="cuda")
