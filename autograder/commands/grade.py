"""``autograder grade``: grade every submission of an assignment."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from autograder.course import Course

__all__ = ["grade"]


@click.command(short_help="Grade every submission of an assignment.")
@click.argument("assignment")
@click.option("--root", type=click.Path(path_type=Path), help="The course's repository.  [default: found upward]")
@click.option("--course", "directory", type=click.Path(path_type=Path), help="The class's folder.  [default: the root]")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one; may be given again.")
@click.option("--workers", type=click.IntRange(1, 256), help="Submissions graded at a time.  [default: cores]")
@click.option(
    "--engine",
    type=click.Choice(["nbgrader", "sealed"]),
    default="nbgrader",
    show_default=True,
    help="What runs the notebooks: nbgrader's converter, or a sandbox that hidden tests never enter (Linux).",
)
@click.option("--weak-sandbox", is_flag=True, help="Let --engine sealed run where it cannot be closed wholly.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, only results.")
@click.option("-v", "--verbose", is_flag=True, help="Also print what was found in each notebook.")
def grade(
    assignment: str,
    root: Path | None,
    directory: Path | None,
    students: tuple[str, ...],
    workers: int | None,
    engine: str,
    weak_sandbox: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Grade every submission of ASSIGNMENT in the class's folder, and print the table of marks.

    Notebooks are expected at submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb. What has not changed since the last run is
    not graded again. Marks go into nbgrader's gradebook; a run that was stopped goes on where it was.
    """
    from autograder.engine.choose import engine_factory
    from autograder.grade import grade_class, marks_table
    from autograder.progress import progress
    from autograder.results import to_dict

    def say(text: str) -> None:
        if not quiet:
            click.echo(text, err=True)

    course = Course.open(root, directory)
    started = time.monotonic()
    try:
        outcome = grade_class(
            course,
            assignment,
            students=students,
            workers=workers,
            force=force,
            factory=engine_factory(engine, weak_sandbox),
            shown=progress("Grading", quiet),
            warn=lambda text: click.echo(f"Warning: {text}", err=True),
        )
    except KeyboardInterrupt:
        click.echo("Stopped. What was graded is kept; run the same command to go on.", err=True)
        raise
    if as_json:
        click.echo(json.dumps([to_dict(result) for result in outcome.results], ensure_ascii=False, indent=1))
    else:
        click.echo(marks_table(outcome))
    if verbose:
        for result in outcome.results:
            for note in result.notes:
                click.echo(f"{result.student}: {note.text}", err=True)
    unchanged = len(outcome.results) - outcome.graded
    say(f"\nGraded {outcome.graded}, unchanged {unchanged}, in {time.monotonic() - started:.1f} s.")
    say(f"Marks are in the gradebook of {course.directory}.")
