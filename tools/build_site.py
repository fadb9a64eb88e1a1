"""Build the site into ``build/site/_build/html``, with warnings as errors.

    python tools/build_site.py [--all] [--root DIR] [--output DIR] [-q]

The whole output goes to ``build/site/build.log``. Printed are where the site is, or the things that are wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["SiteError", "alone", "build", "is_current", "main"]

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("_config.yml", "_toc.yml", "book", "convlab", "exercises", "solutions", "tools")  # what a site is made from
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
COMPLAINT = re.compile(r"\b(WARNING|ERROR|CRITICAL|Extension error|Configuration error|Theme error|MalformedError)\b")
RUN = "from jupyter_book.cli.main import main; main(prog_name='jupyter-book')"


class SiteError(Exception):
    """The site could not be built: ``complaints`` are the lines that say why, ``log`` has the whole output."""

    def __init__(self, complaints: list[str], log: Path) -> None:
        super().__init__(complaints, log)
        self.complaints = complaints
        self.log = log


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one build at a time write to ``folder``; on a system without flock, trust the caller."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _complaints(output: str, root: Path) -> list[str]:
    lines = [COLOUR.sub("", line).replace(f"{root}/", "").strip() for line in output.splitlines()]
    found = [line for line in lines if COMPLAINT.search(line) and "IPKernelApp" not in line]
    return list(dict.fromkeys(found)) or [line for line in lines if line][-1:] or ["jupyter-book said nothing."]


def is_current(root: Path = ROOT) -> bool:
    """Say whether the site in ``root``'s build folder was built after the last change of what it is made from."""
    stamp = root / "build" / "site" / "built"
    sources = [root / name for name in SOURCES]
    files = [path for source in sources for path in (source, *source.rglob("*")) if path.is_file()]
    changed = max(path.stat().st_mtime for path in files if path.suffix != ".pyc")
    return stamp.is_file() and changed < stamp.stat().st_mtime


def build(root: Path = ROOT, output: Path | None = None, everything: bool = False) -> Path:
    """Build the book in ``root`` and return the folder of its HTML.

    Raises:
        SiteError: jupyter-book failed or warned. The next build then reads every page again, so that a warning is never
            lost because its page did not change.
    """
    folder = output or root / "build" / "site"
    with alone(folder):
        begun = time.time()
        command = [sys.executable, "-c", RUN, "build", str(root), "--path-output", str(folder)]
        command += ["-W", "-n", "--keep-going", *(["--all"] if everything else [])]
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", errors="replace")
        text = ran.stdout + ran.stderr
        log = folder / "build.log"
        log.write_text(COLOUR.sub("", text), encoding="utf-8")
        html = folder / "_build" / "html"
        if ran.returncode != 0 or not (html / "index.html").is_file():
            shutil.rmtree(folder / "_build" / ".doctrees", ignore_errors=True)
            raise SiteError(_complaints(ran.stderr or text, root), log)
        (folder / "built").touch()
        os.utime(folder / "built", (begun, begun))
        return html


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the course's site.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    parser.add_argument("--output", type=Path, help="folder to build in (default: build/site of the repository)")
    parser.add_argument("--all", action="store_true", help="read every page again")
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing when all is well")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    if not (root / "_config.yml").is_file():
        print(f"build_site: {root} has no _config.yml. Name the repository with --root DIR.", file=sys.stderr)
        return 2
    start = time.monotonic()
    try:
        html = build(root, options.output and options.output.resolve(), options.all)
    except SiteError as error:
        count = len(error.complaints)
        things = f"{count} thing{'' if count == 1 else 's'} to fix"
        print(f"build_site: no site, {things}. The whole output is in {error.log}", file=sys.stderr)
        for line in error.complaints:
            print(f"  {line}", file=sys.stderr)
        return 1
    if not options.quiet:
        print(f"Site built in {time.monotonic() - start:.1f} s: {html / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
