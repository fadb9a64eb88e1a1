"""What decides marks on this machine, beside the assignment: our code, Python and the libraries.

Used where results are kept, to tell which of them still stand, and by workers elsewhere, to refuse to grade with other
code. Trusted; imports nothing of the libraries.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import platform
from collections.abc import Iterable
from pathlib import Path

__all__ = ["PACKAGES", "code_hash", "fingerprint", "installed"]

PACKAGES = ("autograder", "convlab")
LIBRARIES = ("torch", "torchvision", "numpy", "ipython")


@functools.cache
def installed() -> dict[str, str]:
    """Return the versions of Python and the libraries, and a hash of each of our own packages."""
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
        **{name: code_hash(_folders(name))[:12] for name in PACKAGES},
    }


def fingerprint() -> bytes:
    """Return one hash of all that ``installed`` gives."""
    return hashlib.sha256(repr(sorted(installed().items())).encode()).digest()


def code_hash(folders: Iterable[Path]) -> str:
    """Return a hash of every module below ``folders``, by its path and its bytes."""
    parts = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
                parts.update(len(part).to_bytes(8, "big") + part)
    return parts.hexdigest()


def _folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "missing"
