"""``autograder doctor``: what this machine has and lacks."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course
from autograder.errors import PathError

__all__ = ["doctor"]


@contextmanager
def _spinner(text: str, shown: bool) -> Iterator[None]:
    """Turn a sign on stderr meanwhile. Plain, since rich may be one of the packages that are missing."""
    if not shown:
        yield
        return
    done = threading.Event()

    def turn() -> None:
        step = 0
        while not done.wait(0.1):
            sys.stderr.write(f"\r{'|/-'[step % 3]} {text}")
            sys.stderr.flush()
            step += 1

    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        sys.stderr.write("\r" + " " * (len(text) + 2) + "\r")
        sys.stderr.flush()


@click.command()
@options.root
@options.class_folder
@options.as_json
@options.quiet
@options.verbose
def doctor(root: Path | None, directory: Path | None, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Look at this machine and say what is there, what is missing and how to get it."""
    from autograder.doctor import Level, examine

    gradebook = None
    try:
        course = Course.open(root, directory)
    except PathError:
        if root or directory:
            raise
        found = None
    else:
        found = course.root
        gradebook = None if os.environ.get("AUTOGRADER_DB") else course.directory / "gradebook.db"
    with _spinner("Trying torch …", shown=sys.stderr.isatty() and not quiet):
        groups = examine(found, gradebook)
    missing = [one for group in groups.values() for one in group if not one.ok and one.level is Level.REQUIRED]
    if as_json:
        listed = [{"group": group, **asdict(one)} for group, findings in groups.items() for one in findings]
        click.echo(json.dumps({"ok": not missing, "findings": listed}, indent=1))
        return 1 if missing else 0
    for group, findings in groups.items():
        rows = [one for one in findings if not (quiet and one.ok)]
        if rows:
            click.secho(group, bold=True)
        for one in rows:
            required = one.level is Level.REQUIRED
            sign, color = ("ok", "green") if one.ok else ("NO", "red") if required else ("--", "yellow")
            click.echo(f"  {click.style(sign, fg=color)}  {one.name:<22} {one.value}")
            if one.advice and (verbose or not one.ok):
                click.echo(f"      {'':<22} {one.advice}")
    if not quiet:
        done = "Everything required is there." if not missing else f"{len(missing)} required: missing or wrong (NO)."
        click.echo(f"\n{done} Lines with -- are optional.")
    return 1 if missing else 0
