"""The doctor names what is missing and how to get it, also where packages are broken."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from importlib import metadata
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from autograder import doctor, isolation
from autograder.cli import main
from autograder.doctor import Finding, Level, TorchTrial
from autograder.engines.sealed.engine import SealedEngine
from autograder.isolation import LAYERS, Capabilities

ROOT = Path(__file__).resolve().parents[2]
NMS = "RuntimeError: operator torchvision::nms does not exist"


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *args])
    return int(str(ended.value.code))


@pytest.mark.parametrize(("version", "ok"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_python(version: tuple[int, int], ok: bool) -> None:
    assert doctor.python(version).ok is ok


def test_the_lock_of_this_course_is_installed_here() -> None:
    found = doctor.locked(ROOT / "requirements.txt")
    assert found.ok, found.value
    assert found.value.startswith("all ")


def test_missing_and_other_versions_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    click = metadata.version("click")
    lock.write_text(
        f"# made by a tool\nclick=={click}+cpu \\\n    --hash=sha256:00\nJinja2==0.1\nno-such-thing==1\n"
        "colorama==0.0 ; sys_platform == 'nowhere'\n    # via x\n"
    )
    found = doctor.locked(lock)
    assert (found.ok, found.level) == (False, Level.REQUIRED)
    assert found.value == f"Jinja2 {metadata.version('jinja2')}, not 0.1; no-such-thing is missing"
    assert "make course" in found.advice


def test_the_version_that_is_imported_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = tmp_path / "click-0.1.dist-info"
    older.mkdir()
    (older / "METADATA").write_text("Metadata-Version: 2.1\nName: click\nVersion: 0.1\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])  # as vendored copies are put at the end
    (tmp_path / "requirements.txt").write_text(f"click=={metadata.version('click')}\n")
    assert doctor.locked(tmp_path / "requirements.txt").ok


def test_many_wrong_versions_are_counted(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("".join(f"no-such-{i}==1\n" for i in range(9)))
    assert doctor.locked(tmp_path / "requirements.txt").value.endswith("; 4 more")


def test_no_lock_is_only_a_warning(tmp_path: Path) -> None:
    assert doctor.locked(tmp_path / "requirements.txt").level is Level.OPTIONAL
    assert doctor.locked(None).level is Level.OPTIONAL


@pytest.mark.parametrize(
    ("code", "value", "advice"),
    [
        (f"raise RuntimeError({NMS!r})", "operator torchvision::nms does not exist", "built apart"),
        ("import no_such_torch", "No module named", "make course"),
        ("import os; os._exit(3)", "ended without a message", "make course"),
        ("print('not json')", "ended without a message", "make course"),
        ('print(\'{"torch": "2", "torchvision": "1", "kept": [0, 1], "gpu": ""}\')', "nonsense", "make course"),
        ("import time; time.sleep(60)", "no answer", "import torchvision"),
    ],
)
def test_a_broken_torch_is_explained(code: str, value: str, advice: str) -> None:
    found = TorchTrial.start(code=code).findings(seconds=5)[0]
    assert (found.ok, found.level) == (False, Level.REQUIRED)
    assert value in found.value
    assert advice in found.advice


def test_a_gpu_is_named() -> None:
    code = 'print(\'{"torch": "2", "torchvision": "1", "kept": [0, 2], "gpu": "H200"}\')'
    both, gpu = TorchTrial.start(code=code).findings()
    assert both.value == "2 and 1 work together"
    assert (gpu.ok, gpu.value) == (True, "H200")


def test_a_kernel_of_another_python_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.kernel().ok
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = ["/opt/other/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = doctor.kernel()
    assert not found.ok
    assert found.value == "runs /opt/other/bin/python"


def test_the_gradebooks_schema(tmp_path: Path) -> None:
    newest = doctor._newest_schema()
    assert newest is not None
    path = tmp_path / "gradebook.db"
    assert doctor.gradebook(path).ok
    assert not path.exists()
    for schema, ok in ((newest, True), ("0123456789ab", False)):
        with closing(sqlite3.connect(path)) as db:
            db.execute("create table if not exists alembic_version (version_num text)")
            db.execute("delete from alembic_version")
            db.execute("insert into alembic_version values (?)", (schema,))
            db.commit()
        found = doctor.gradebook(path)
        assert found.ok is ok
        assert schema in found.value
    path.write_text("no database")
    assert "is not its gradebook" in doctor.gradebook(path).value


def test_the_newest_schema_is_alembics_head() -> None:
    (ini,) = [file for file in metadata.files("nbgrader") or () if file.match("nbgrader/alembic/env.py")]
    assert ScriptDirectory(str(Path(str(ini.locate())).parent)).get_heads() == [doctor._newest_schema()]


def test_machine_probes_give_sizes(tmp_path: Path) -> None:
    assert doctor.memory().value.endswith(" GB")
    assert doctor.disk(tmp_path).value.endswith(" GB free")
    assert int(doctor.cores().value) >= 1


def test_without_a_browser_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doctor.browser()
    assert (found.ok, found.level) == (False, Level.OPTIONAL)
    assert "playwright install chromium" in found.advice


def test_the_command_is_content_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("--root", str(ROOT), "--course", str(tmp_path), "--json")
    said = json.loads(capsys.readouterr().out)
    assert [one for one in said["findings"] if not one["ok"] and one["level"] == "required"] == []
    assert (said["ok"], code) == (True, 0)
    found = {one["name"]: one for one in said["findings"]}
    assert found.keys() >= {"Python", "packages", "Landlock", "CUDA", "disk"}
    assert found["torch and torchvision"]["value"].endswith("work together")


def test_something_required_that_is_missing_gives_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = {
        "Machine": [
            Finding("disk", False, Level.REQUIRED, "0 GB free", "Free at least 1 GB."),
            Finding("browser", False, Level.OPTIONAL, "none", "Install one."),
            Finding("cores", True, Level.OPTIONAL, "2"),
        ]
    }
    monkeypatch.setattr(doctor, "examine", lambda *_: lacking)
    assert run("--root", str(ROOT)) == 1
    out = capsys.readouterr().out
    assert "NO  disk" in out
    assert "Free at least 1 GB." in out
    assert "--  browser" in out
    assert "1 required" in out
    assert run("--root", str(ROOT), "-q") == 1
    assert "cores" not in capsys.readouterr().out
    lacking["Machine"].pop(0)
    assert run("--root", str(ROOT)) == 0


def test_it_answers_outside_of_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        doctor, "examine", lambda root, book: {"": [Finding("x", root is book is None, Level.REQUIRED, "")]}
    )
    assert run() == 0
    assert run("--root", str(tmp_path)) == 2


def capabilities(*missing: str) -> Capabilities:
    held = {layer: layer not in missing for layer in LAYERS if layer != "landlock"}
    reasons = {layer: f"[Errno 1] no {layer}" for layer in missing}
    return Capabilities(**held, landlock_abi=0 if "landlock" in missing else 6, reasons=reasons)


@pytest.mark.parametrize("missing", [(), *((layer,) for layer in LAYERS), tuple(LAYERS)], ids="+".join)
def test_the_doctor_and_grading_cannot_disagree_on_the_sandbox(
    missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = capabilities(*missing)
    monkeypatch.setattr(isolation, "probe", lambda: found)
    findings = dict(zip(LAYERS, doctor.sandbox(), strict=False))
    assert tuple(layer for layer, one in findings.items() if not one.ok) == missing == found.missing
    assert all(one.level is Level.OPTIONAL and one.advice for one in findings.values())
    assert [findings[layer].value for layer in missing] == [f"[Errno 1] no {layer}" for layer in missing]
    warning = SealedEngine().warning
    assert warning == " ".join(found.lost)
    assert [layer for layer in LAYERS if f"Without {layer}:" in warning] == list(missing)


def test_what_the_doctor_says_of_this_kernel_is_what_the_sandbox_found() -> None:
    found = isolation.probe()
    assert [one.ok for one in doctor.sandbox()] == [
        *(found.has(layer) for layer in LAYERS),
        found.cgroup_v2,
        found.bubblewrap,
    ]
    assert doctor.SANDBOX_LAYERS.keys() == LAYERS.keys()


def test_elsewhere_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(isolation, "probe", None)
    findings = doctor.sandbox()
    assert {(one.ok, one.level, one.value) for one in findings} == {(False, Level.OPTIONAL, "not Linux")}
    assert len(findings) == len(LAYERS) + 2
