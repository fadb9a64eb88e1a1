"""``autograder feedback``: a page per graded submission."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course

__all__ = ["feedback"]


@click.command()
@click.argument("assignment")
@options.students
@options.root
@options.class_folder
@options.database
@options.as_json
@options.quiet
@options.verbose
def feedback(
    assignment: str,
    students: tuple[str, ...],
    root: Path | None,
    directory: Path | None,
    database: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write a feedback page for every graded submission of ASSIGNMENT."""
    from autograder.assignment.material import Material
    from autograder.reports.feedback import write_feedback
    from autograder.reports.marks import graded, read_marks

    course = Course.open(root, directory, database)
    source = course.source(assignment)
    results = graded(course, assignment)
    pages = write_feedback(course, Material.read(source).assignment, results, read_marks(course, assignment), students)
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "pages": [str(page) for page in pages]}, indent=1))
        return
    for page in pages if verbose else ():
        click.echo(page)
    if not quiet:
        plural = "" if len(pages) == 1 else "s"
        click.echo(f"{len(pages)} feedback page{plural} for {assignment} in {course.feedback}")
