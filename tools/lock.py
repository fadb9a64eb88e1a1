"""Write ``requirements.txt`` from ``pyproject.toml``: the full lock, for every platform and Python that is supported.

    .venv/bin/python -m tools.lock

The first line of the lock is a fingerprint of the dependencies it was made from; a test compares the two.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Locked from pyproject.toml, dependencies "


def fingerprint(pyproject: str) -> str:
    """Return a digest of what ``pyproject.toml`` says about dependencies, and of nothing else in it."""
    data = tomllib.loads(pyproject)
    project = data["project"]
    said = [
        project["requires-python"],
        sorted(project["dependencies"]),
        {name: sorted(group) for name, group in data["dependency-groups"].items()},
        sorted(data["tool"]["uv"]["override-dependencies"]),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def main() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    target = ROOT / "requirements.txt"
    command = ["-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--no-header"]
    # Versions already in the lock are kept unless they no longer fit; --upgrade on the command line renews them.
    command += ["--group", "test", "--output-file", str(target), "pyproject.toml", *sys.argv[1:]]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    target.write_text(f"{HEAD}{fingerprint(pyproject)}\n" + target.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
