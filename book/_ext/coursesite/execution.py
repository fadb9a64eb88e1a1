"""When a page's code has to be run again.

jupyter-cache knows a notebook by its cells alone. What they print also depends on ``convlab``, on the recorded results
and trained weights that they read, and on the libraries. The hash of these names the cache folder, so a change in one
of them starts an empty cache; and it is a setting of the build, so Sphinx reads every page again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

__all__ = ["execution_key", "setup"]

LIBRARIES = ("torch", "torchvision", "numpy", "matplotlib", "scikit-learn", "ipykernel")


def execution_key(root: Path) -> str:
    """Return a short hash of all that outputs depend on beside a page's own cells."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in LIBRARIES:
        try:
            digest.update(f"{name}=={version(name)}".encode())
        except PackageNotFoundError:
            digest.update(f"{name} is absent".encode())
    read = ((root / "convlab", "*"), (root / "book" / "results", "*"), (root / "book" / "_static", "*.bin"))
    for folder, pattern in read:
        for path in sorted(folder.rglob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _choose_cache(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    config.course_execution_key = execution_key(root)
    if not config.nb_execution_cache_path:
        folder = Path(app.outdir).parent.parent
        chosen = folder / f"cache-{config.course_execution_key}"
        for old in folder.glob("cache-*"):
            if old != chosen:
                shutil.rmtree(old, ignore_errors=True)
        config.nb_execution_cache_path = str(chosen)
    # Kernels start in the page's folder; they must find this convlab, whatever is installed.
    parts = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(parts))


def _say_in_words(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the table of runs in words: its two signs are in few fonts, and a screen reader spells them out."""
    for sign, word in (("✅", "succeeded"), ("❌", "failed")):
        for text in list(doctree.findall(lambda node, sign=sign: isinstance(node, nodes.Text) and node == sign)):
            text.parent.replace(text, nodes.Text(word))


def setup(app: Sphinx) -> None:
    app.add_config_value("course_execution_key", "", "env", types=[str])
    app.connect("config-inited", _choose_cache)
    app.connect("doctree-resolved", _say_in_words)
