"""``autograder report``: one page about the whole class, and a CSV file of marks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course

__all__ = ["report"]


@click.command()
@click.argument("assignment")
@options.root
@options.class_folder
@options.database
@options.as_json
@options.quiet
@options.verbose
def report(
    assignment: str,
    root: Path | None,
    directory: Path | None,
    database: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write report/ASSIGNMENT/index.html about the class, and marks.csv beside it."""
    from autograder.assignment.material import Material
    from autograder.reports.class_report import write_report
    from autograder.reports.html import number
    from autograder.reports.marks import graded, read_marks

    course = Course.open(root, directory, database)
    source = course.source(assignment)
    results = graded(course, assignment)
    page, table, found = write_report(course, Material.read(source).assignment, results, read_marks(course, assignment))
    if as_json:
        click.echo(json.dumps({**found.summary(), "page": str(page), "csv": str(table)}, indent=1))
        return
    if not quiet:
        click.echo(
            f"{assignment}: {len(found.students)} submissions, mean {number(found.mean)} and median "
            f"{number(found.median)} of {number(found.max_points)} points, {found.full} with full marks"
        )
        for task in found.tasks if verbose else ():
            click.echo(f"  {task.name}: mean {number(task.mean)} of {number(task.max_points)}")
        if found.hardest:
            hardest = found.hardest[0]
            click.echo(f"Most often failed: {hardest.id} (by {len(hardest.failed_by)} of {hardest.seen})")
    click.echo(page)
    click.echo(table)
