"""Look at this machine: what the course needs, what is there, and how to get what is missing.

Everything here must answer on a machine where half of the packages are missing or broken, so it imports none of them
at the top and tries torch in a process of its own. What the kernel can do for the sandbox is not tried here: that is
``autograder.isolation.probe``, which ``grade`` asks too, so that the two cannot disagree.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.isolation import Capabilities

__all__ = [
    "Finding",
    "Level",
    "TorchTrial",
    "browser",
    "cores",
    "disk",
    "examine",
    "gradebook",
    "kernel",
    "locked",
    "memory",
    "python",
    "sandbox",
]

INSTALL = "Run `make course`, or `pip install --no-deps -r requirements.txt`."
OLDEST, NEWEST = (3, 11), (3, 13)
BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome", "msedge")
MAC_BROWSERS = ("Google Chrome", "Chromium", "Microsoft Edge")
GB = 1e9
_NAMESPACES = "Allow user namespaces: sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0."
# Each layer of the sandbox with what it is called here and how to get it; the names are those of isolation.LAYERS.
SANDBOX_LAYERS = {
    **{kind: (f"{kind} namespace", _NAMESPACES) for kind in ("user", "mount", "pid", "net", "ipc", "uts")},
    "seccomp": ("seccomp", "Use a kernel with CONFIG_SECCOMP_FILTER."),
    "landlock": ("Landlock", "Use Linux 5.13 or newer with landlock in the kernel's lsm= list."),
}
_TRY_TORCH = """
import json, torch, torchvision
from torchvision.ops import nms
boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.1], [5.0, 5.0, 6.0, 6.0]])
kept = nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5).tolist()
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""
print(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "kept": kept, "gpu": gpu}))
"""


class Level(StrEnum):
    """Whether the course works without it."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Finding:
    """What was found of one thing: ``value`` says it in a few words, ``advice`` how to get it when it is missing."""

    name: str
    ok: bool
    level: Level
    value: str
    advice: str = ""


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Say whether this Python is one that the lock was made for."""
    name = ".".join(map(str, version))
    wanted = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    return Finding("Python", OLDEST <= version <= NEWEST, Level.REQUIRED, name, f"Install Python {wanted}.")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(requirements: Path | None) -> Finding:
    """Compare the installed packages with the lock's versions."""
    if requirements is None or not requirements.is_file():
        return Finding("packages", False, Level.OPTIONAL, "no requirements.txt found", "Run it in the course's folder.")
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return Finding("packages", False, Level.REQUIRED, "packaging is missing", INSTALL)
    installed: dict[str, str] = {}
    for dist in metadata.distributions():
        installed.setdefault(_plain(dist.metadata["Name"] or ""), dist.version)  # the first on the path is imported
    wrong, count = [], 0
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if not re.match(r"\w[\w.-]*(\[.*\])?==", line):
            continue
        wanted = Requirement(line.partition(" #")[0].rstrip("\\ "))
        if wanted.marker is None or wanted.marker.evaluate():
            count += 1
            version = str(wanted.specifier).removeprefix("==")
            found = installed.get(_plain(wanted.name))
            if found is None:
                wrong.append(f"{wanted.name} is missing")
            elif found.partition("+")[0] != version.partition("+")[0]:  # +cpu, +cu130: the same code, built otherwise
                wrong.append(f"{wanted.name} {found}, not {version}")
    shown = "; ".join(wrong[:5]) + (f"; {len(wrong) - 5} more" if len(wrong) > 5 else "")
    return Finding("packages", not wrong, Level.REQUIRED, shown or f"all {count} as locked", INSTALL)


@dataclass(frozen=True)
class TorchTrial:
    """A trial of torch with torchvision in a process of its own, started when made and read by ``findings``."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, executable: str = sys.executable, code: str = _TRY_TORCH) -> TorchTrial:
        pipe = subprocess.PIPE
        # Not from the working folder: a file named torch.py there is not what is asked about.
        return cls(
            subprocess.Popen([executable, "-P", "-W", "ignore", "-c", code], stdout=pipe, stderr=pipe, text=True)
        )

    def findings(self, seconds: float = 120.0) -> list[Finding]:
        """Wait, and say whether the two work together and whether there is a GPU."""
        name, gpu = "torch and torchvision", "CUDA"
        try:
            out, err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            slow = f"no answer in {seconds:.0f} s"
            return [Finding(name, False, Level.REQUIRED, slow, "Try `python -c 'import torchvision'`.")]
        with suppress(ValueError, KeyError, IndexError):
            said = json.loads(out.strip().splitlines()[-1])
            right = said["kept"] == [0, 2]
            value = f"{said['torch']} and {said['torchvision']}" + (" work together" if right else " compute nonsense")
            no_gpu = "Not needed: the chapters run on the CPU. With an NVIDIA GPU: check `nvidia-smi`."
            return [
                Finding(name, right, Level.REQUIRED, value, INSTALL),
                Finding(gpu, bool(said["gpu"]), Level.OPTIONAL, said["gpu"] or "none", no_gpu),
            ]
        return [Finding(name, False, Level.REQUIRED, *_why_torch_fails(err))]


def _why_torch_fails(err: str) -> tuple[str, str]:
    last = (err.strip().splitlines() or ["it ended without a message"])[-1][:160]
    if "torchvision::nms does not exist" in err:
        advice = (
            "The two were built apart (a CPU-only torch beside an ordinary torchvision, or the other way round). "
            f"Remove both and install them together: `pip uninstall torch torchvision`. {INSTALL}"
        )
        return "not a pair: operator torchvision::nms does not exist", advice
    return last, INSTALL


def kernel() -> Finding:
    """Say whether notebooks that ask for the kernel ``python3`` run in this Python."""
    name = "kernel python3"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return Finding(name, False, Level.REQUIRED, "jupyter_client is missing", INSTALL)
    advice = "Run `python -m ipykernel install --sys-prefix --name python3`."
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding(name, False, Level.REQUIRED, "missing", advice)
    runs = spec.argv[0]
    # A bare "python" is replaced by the running one when a kernel is started.
    same = not os.path.isabs(runs) or Path(runs).parent.resolve() == Path(sys.executable).parent.resolve()
    return Finding(name, same, Level.REQUIRED, "runs this Python" if same else f"runs {runs}", advice)


def _newest_schema() -> str | None:
    """Return the gradebook schema of the installed nbgrader: the migration that no other one revises."""
    try:
        files = [file for file in metadata.files("nbgrader") or () if file.parent.name == "versions"]
    except metadata.PackageNotFoundError:
        return None
    texts = [Path(str(file.locate())).read_text(encoding="utf-8") for file in files if file.suffix == ".py"]
    revisions = {found for text in texts for found in re.findall(r"^revision = ['\"](\w+)", text, re.M)}
    revised = {found for text in texts for found in re.findall(r"^down_revision = ['\"](\w+)", text, re.M)}
    return next(iter(sorted(revisions - revised)), None)


def gradebook(path: Path | None) -> Finding:
    """Say whether nbgrader is there, and whether the class's gradebook is one that it can use."""
    newest = _newest_schema()
    if newest is None:
        return Finding("nbgrader", False, Level.REQUIRED, "missing", INSTALL)
    version = metadata.version("nbgrader")
    if path is None or not path.is_file():
        return Finding("nbgrader", True, Level.REQUIRED, version)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            schema = db.execute("select version_num from alembic_version").fetchone()[0]
    except (sqlite3.Error, TypeError):
        advice = "Move the file away: grading makes a new one."
        return Finding("nbgrader", False, Level.REQUIRED, f"{version}, {path.name} is not its gradebook", advice)
    value = f"{version}, gradebook schema {schema}"
    return Finding("nbgrader", schema == newest, Level.REQUIRED, value, f"Needs {newest}: run `nbgrader db upgrade`.")


def browser() -> Finding:
    """Say which browser the tests of the site could use."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    if not found and sys.platform == "darwin":
        apps = (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC_BROWSERS)
        found = next((str(path) for path in apps if path.is_file()), "")
    advice = "Only for the site's tests: install Chrome or Chromium, or run `playwright install chromium`."
    return Finding("browser", bool(found), Level.OPTIONAL, found or "none", advice)


def disk(folder: Path) -> Finding:
    """Say how much space is left where the course lies."""
    free = shutil.disk_usage(folder).free / GB
    return Finding("disk", free >= 1, Level.REQUIRED, f"{free:.0f} GB free", "Free at least 1 GB.")


def _memory_bytes() -> float:
    if sys.platform == "win32":
        status = (ctypes.c_uint64 * 8)()  # MEMORYSTATUSEX: two 32-bit numbers, then seven of 64
        status[0] = ctypes.sizeof(status)
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return float(status[1])
    return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def memory() -> Finding:
    """Say how much memory the machine has."""
    size = _memory_bytes() / GB
    return Finding("memory", size >= 3.5, Level.OPTIONAL, f"{size:.0f} GB", "4 GB or more are comfortable.")


def cores() -> Finding:
    """Say how many cores this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("cores", count >= 2, Level.OPTIONAL, str(count), "Grading is quicker with more.")


def sandbox() -> list[Finding]:
    """Say which layers of the sandbox this kernel gives to this user; grading is weaker without some of them."""
    if not sys.platform.startswith("linux"):
        names = [name for name, _ in SANDBOX_LAYERS.values()]
        advice = "Grade other people's notebooks on Linux."
        return [Finding(name, False, Level.OPTIONAL, "not Linux", advice) for name in (*names, "cgroup", "bubblewrap")]
    from autograder import isolation

    found = isolation.probe()
    layers = [_layer(found, layer) for layer in isolation.LAYERS]
    delegated = "version 2, delegated: memory, pids" if found.cgroup_v2 else "no version 2 delegated to this user"
    no_cgroup = "Not needed: limits come from the processes themselves. With systemd: Delegate=yes for the service."
    bubblewrap = "installed" if found.bubblewrap else "not installed"
    no_bubblewrap = "Not needed: an alternative where the kernel's own means are not enough."
    return [
        *layers,
        Finding("cgroup", found.cgroup_v2, Level.OPTIONAL, delegated, no_cgroup),
        Finding("bubblewrap", found.bubblewrap, Level.OPTIONAL, bubblewrap, no_bubblewrap),
    ]


def _layer(found: Capabilities, layer: str) -> Finding:
    name, advice = SANDBOX_LAYERS[layer]
    works = f"version {found.landlock_abi}" if layer == "landlock" else "works"
    reason = " ".join(found.reasons.get(layer, "").split())[:160] or "missing"
    return Finding(name, found.has(layer), Level.OPTIONAL, works if found.has(layer) else reason, advice)


def examine(
    root: Path | None, gradebook_path: Path | None, trial: TorchTrial | None = None
) -> dict[str, list[Finding]]:
    """Look at everything; return the findings by group, in the order to show them."""
    trial = trial or TorchTrial.start()  # first: it takes longest
    groups = {
        "Python and packages": [
            python(),
            locked(root / "requirements.txt" if root else None),
            kernel(),
            gradebook(gradebook_path),
        ],
        "Machine": [cores(), memory(), disk(root or Path.cwd()), browser()],
        "Cutting students' code off": sandbox(),
    }
    groups["Python and packages"][2:2] = trial.findings()
    return groups
