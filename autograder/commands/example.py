"""``autograder example``: make an example class, or compare a graded one with the marks that it must get."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course
from autograder.errors import UnknownAssignment

__all__ = ["example"]


@click.command(short_help="Make an example class to try grading with.")
@click.argument("assignment", required=False)
@options.root
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to make the class in.")
@click.option("--students", type=click.IntRange(1, 10_000), default=24, show_default=True, help="How many.")
@options.check
@options.quiet
def example(assignment: str | None, root: Path | None, out: Path, students: int, only_check: bool, quiet: bool) -> int:
    """Make a class whose marks are known, from the answers of ASSIGNMENT (the course's first unless named).

    It has right, wrong and half-done notebooks and broken ones. Grade it with `autograder grade ASSIGNMENT --course
    DIR`; `autograder example --out DIR --check` then exits with 1 if one mark is not as it must be.
    """
    from autograder.example.make import differences, make_class

    if only_check:
        lines = differences(out, assignment)
        for line in lines:
            click.echo(line)
        if not quiet:
            click.echo(f"{len(lines)} marks differ." if lines else "Every mark is as expected.", err=True)
        return 1 if lines else 0
    course = Course.open(root)
    names = course.assignments()
    if assignment is None and not names:
        raise UnknownAssignment("This course has no assignment yet.", "Write one in solutions/.")
    name = assignment or names[0]
    made = make_class(course, name, out, students)
    click.echo(out)
    sys.stdout.flush()
    if not quiet:
        click.echo(f"{'Made' if made else 'Unchanged:'} an example class for {name}.", err=True)
    return 0
