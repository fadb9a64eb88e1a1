"""What the numbers were measured on, without the machine's name or a path of it."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["cores", "facts"]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def facts() -> dict[str, str]:
    """Return what a reader needs to know of the machine, in order."""
    requirements = (Path(__file__).resolve().parent / "otter-requirements.txt").read_text(encoding="utf-8")
    otter = next(line.partition("==")[2] for line in requirements.splitlines() if line.startswith("otter-grader=="))
    libraries = [f"{name} {version(name)}" for name in ("torch", "numpy", "ipython", "nbgrader", "distributed")]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": f"{cores()} × {_field('/proc/cpuinfo', 'model name') or platform.machine()}",
        "memory": f"{int((_field('/proc/meminfo', 'MemTotal') or '0').split()[0]) / 1e6:.0f} GB",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "libraries": ", ".join([*libraries, f"otter-grader {otter}"]),
        "load before": f"{os.getloadavg()[0]:.1f} (processes that wanted a core in the minute before)",
    }


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
