"""When a page's code has to be run again, and several pages' at the same time.

jupyter-cache knows a notebook by its cells alone. What they print also depends on ``convlab``, on the recorded results
and trained weights that they read, and on the libraries. The hash of these names the cache folder, so a change in one
of them starts an empty cache; and it is a setting of the build, so Sphinx reads every page again.

Sphinx reads one page after the other, and myst-nb runs a page's code when it is read. So what has to run is run before
that, as many pages at a time as there are cores (two at least), and lies in the cache when Sphinx comes to it. A page
that fails here is left out: it fails again when it is read, and myst-nb reports it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

__all__ = ["execution_key", "setup"]

LOG = logging.getLogger(__name__)

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


def _to_run(env: BuildEnvironment, names: list[str]) -> dict[Path, NotebookNode]:
    """Return the notebooks among the pages ``names`` whose outputs are not in the cache, by their files."""
    cache = get_cache(env.mystnb_config.execution_cache_path)
    waiting = {}
    for name in sorted(names):
        path = Path(env.doc2path(name))
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting[path] = notebook
    return waiting


def _run_at_the_same_time(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    settings = env.mystnb_config
    if settings.execution_mode != "cache":
        return
    waiting = _to_run(env, names)
    workers = min(len(waiting), max(2, os.cpu_count() or 1))
    if workers < 2:
        return
    # Kernels share the cores: with a thread for each core in every kernel they would wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    cache = get_cache(settings.execution_cache_path)
    # The longest pages first, so that none of them runs alone at the end.
    longest_first = sorted(waiting.items(), key=lambda one: -len(one[1].cells))
    with ThreadPoolExecutor(workers) as pool:
        running: dict[Future[ExecutionResult], Path] = {}
        for path, notebook in longest_first:
            allowed = {"timeout": settings.execution_timeout, "allow_errors": settings.execution_allow_errors}
            running[pool.submit(single_nb_execution, notebook, cwd=str(path.parent), **allowed)] = path
        for done in as_completed(running):
            result, path = done.result(), running[done]
            if result.err is None:
                bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                LOG.info("%s: its code ran in %.1f s", path.name, result.time)


def _say_in_words(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the table of runs in words: its two signs are in few fonts, and a screen reader spells them out."""
    for sign, word in (("✅", "succeeded"), ("❌", "failed")):
        for text in list(doctree.findall(lambda node, sign=sign: isinstance(node, nodes.Text) and node == sign)):
            text.parent.replace(text, nodes.Text(word))


def setup(app: Sphinx) -> None:
    app.add_config_value("course_execution_key", "", "env", types=[str])
    app.connect("config-inited", _choose_cache)
    app.connect("env-before-read-docs", _run_at_the_same_time)
    app.connect("doctree-resolved", _say_in_words)
