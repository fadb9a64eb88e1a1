"""The lock is what ``pyproject.toml`` asks for, for every platform, and it is what is installed here."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import lock, setup_env

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
DATA = tomllib.loads(PYPROJECT)
PLATFORMS = [
    {"sys_platform": system, "platform_system": name, "platform_machine": machine, "os_name": os_name}
    for system, name, machine, os_name in (
        ("linux", "Linux", "x86_64", "posix"),
        ("linux", "Linux", "aarch64", "posix"),
        ("darwin", "Darwin", "arm64", "posix"),
        ("win32", "Windows", "AMD64", "nt"),
    )
]
PYTHONS = ["3.11", "3.12", "3.13"]


def pins(environment: dict[str, str]) -> dict[str, Version]:
    """Return the version that the lock gives each package in an environment."""
    found: dict[str, Version] = {}
    for line in LOCK.splitlines():
        match = re.match(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;]+)(?:\s*;\s*(.+))?$", line)
        if match and (match[3] is None or Marker(match[3]).evaluate(environment)):
            name = canonicalize_name(match[1])
            assert name not in found, f"{name} is locked twice for {environment}"
            found[name] = Version(match[2])
    return found


def here() -> dict[str, Version]:
    return pins({})


def direct() -> list[Requirement]:
    return [Requirement(text) for text in [*DATA["project"]["dependencies"], *DATA["dependency-groups"]["test"]]]


def test_the_lock_was_made_from_this_pyproject() -> None:
    assert LOCK.startswith(lock.HEAD + lock.fingerprint(PYPROJECT) + "\n"), "run `make lock`"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"torch>=', '"torch>=99,>='),
        lambda text: text.replace('requires-python = ">=3.11', 'requires-python = ">=3.12'),
        lambda text: text.replace('"hypothesis>=', '"hypothesis>=0,>='),
        lambda text: text.replace('"pandas>=', '"pandas>=0,>='),
    ],
)
def test_a_change_of_dependencies_changes_the_fingerprint(change) -> None:
    changed = change(PYPROJECT)
    assert changed != PYPROJECT
    assert lock.fingerprint(changed) != lock.fingerprint(PYPROJECT)


def test_every_line_of_the_lock_is_an_exact_version() -> None:
    lines = [line for line in LOCK.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 150
    assert [line for line in lines if not re.match(r"^[\w.-]+(\[[\w,.-]+\])?==[\w.+!-]+( ; .+)?$", line)] == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: f"{p['sys_platform']}-{p['platform_machine']}")
def test_every_direct_dependency_is_locked_within_its_range(platform: dict[str, str], python: str) -> None:
    environment = {**platform, "python_version": python, "python_full_version": f"{python}.5"}
    locked = pins(environment)
    wrong = [
        str(need)
        for need in direct()
        if canonicalize_name(need.name) not in locked or locked[canonicalize_name(need.name)] not in need.specifier
    ]
    assert wrong == []


def test_what_is_installed_is_what_is_locked() -> None:
    installed: dict[str, Version] = {}
    for found in importlib.metadata.distributions():  # the first of a name is the one that is imported
        installed.setdefault(canonicalize_name(found.metadata["Name"]), Version(found.version))
    differing = {
        name: (str(version), str(installed.get(name)))
        for name, version in here().items()
        if name not in installed or installed[name].public != version.public
    }
    assert differing == {}


def test_the_lock_is_closed_under_requirements() -> None:
    overridden = {canonicalize_name(Requirement(o).name) for o in DATA["tool"]["uv"]["override-dependencies"]}
    locked = here()
    missing = []
    for name in locked:
        for text in importlib.metadata.distribution(name).requires or []:
            need = Requirement(text)
            target = canonicalize_name(need.name)
            wanted = need.marker is None or need.marker.evaluate({"extra": ""})
            fits = target in overridden or (
                target in locked and need.specifier.contains(locked[target], prereleases=True)
            )
            if wanted and not fits:
                missing.append(f"{name} needs {text}")
    assert missing == []


def test_torch_and_torchvision_work_together() -> None:
    run = subprocess.run([sys.executable, "-c", setup_env.PAIR], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "work together" in run.stdout


def test_d2l_runs_on_current_versions() -> None:
    code = """
import warnings; warnings.simplefilter("ignore")
import matplotlib; matplotlib.use("agg")
import torch
from d2l import torch as d2l
torch.manual_seed(0)
board = d2l.Animator(xlabel="epoch", xlim=[1, 2], legend=["loss"])
board.add(1, (0.5,)); board.add(2, (0.25,))
x, k = torch.arange(12.0).reshape(3, 4), torch.ones(2, 2)
print(d2l.corr2d(x, k).tolist(), board.X[0])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "[[10.0, 14.0, 18.0], [26.0, 30.0, 34.0]]" in run.stdout
    assert "[1, 2]" in run.stdout
