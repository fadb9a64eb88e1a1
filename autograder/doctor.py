"""Look at this machine: what the course needs, what is there, and how to get what is missing.

Everything here must answer on a machine where half of the packages are missing or broken, so it imports none of them
at the top and tries torch in a process of its own.
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
from importlib import metadata
from pathlib import Path

from autograder.host import Finding, Level, sandbox_findings

__all__ = ["Pair", "browser", "cores", "disk", "examine", "gradebook", "kernel", "locked", "memory", "python"]

INSTALL = "Run `make course`, or `pip install --no-deps -r requirements.txt`."
OLDEST, NEWEST = (3, 11), (3, 13)
BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome", "msedge")
MAC_BROWSERS = ("Google Chrome", "Chromium", "Microsoft Edge")
GB = 1e9
_TRY_PAIR = """
import json, torch, torchvision
from torchvision.ops import nms
boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.1], [5.0, 5.0, 6.0, 6.0]])
kept = nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5).tolist()
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""
print(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "kept": kept, "gpu": gpu}))
"""


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
class Pair:
    """A trial of torch with torchvision in a process of its own, started when made and read by ``findings``."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, executable: str = sys.executable, code: str = _TRY_PAIR) -> Pair:
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
        return [Finding(name, False, Level.REQUIRED, *_why_no_pair(err))]


def _why_no_pair(err: str) -> tuple[str, str]:
    last = (err.strip().splitlines() or ["it ended without a word"])[-1][:160]
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


def examine(root: Path | None, gradebook_path: Path | None, pair: Pair | None = None) -> dict[str, list[Finding]]:
    """Run every probe; return the findings by group, in the order to show them."""
    pair = pair or Pair.start()  # first: it takes longest
    groups = {
        "Python and packages": [
            python(),
            locked(root / "requirements.txt" if root else None),
            kernel(),
            gradebook(gradebook_path),
        ],
        "Machine": [cores(), memory(), disk(root or Path.cwd()), browser()],
        "Cutting students' code off": sandbox_findings(),
    }
    groups["Python and packages"][2:2] = pair.findings()
    return groups
