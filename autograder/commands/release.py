"""``autograder release``: make the students' notebooks, or say where they are out of date."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course
from autograder.errors import UsageError

__all__ = ["release"]


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--all", "every", is_flag=True, help="Every assignment that has a source.")
@options.check
@options.root
@options.class_folder
@options.quiet
def release(
    names: tuple[str, ...], every: bool, only_check: bool, root: Path | None, directory: Path | None, quiet: bool
) -> int:
    """Make the students' notebook exercises/NAME/NAME.ipynb from solutions/NAME/NAME.py.

    With --course, also record the assignments in that class's gradebook.
    """
    from autograder.assignment.release import differences, orphan_files, register, release_all

    course = Course.open(root, directory)
    if bool(names) == every:
        there = ", ".join(course.assignments()) or "none yet"
        raise UsageError("Name the assignments, or say --all.", f"There are: {there}.")
    chosen = course.assignments() if every else list(dict.fromkeys(names))
    if only_check:
        found = differences(course, chosen) + (orphan_files(course) if every else [])
        click.echo("\n".join(found) or f"exercises/ is what solutions/ generates ({len(chosen)} checked).")
        if found:
            click.echo("Run: autograder release --all", err=True)
        return 1 if found else 0
    paths = release_all(course, chosen)
    for name in chosen if directory else ():
        register(course, name)
    for path in paths if not quiet else ():
        click.echo(path.relative_to(course.root))
    return 0
