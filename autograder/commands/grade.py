"""``autograder grade``: grade every submission of an assignment."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course

__all__ = ["grade"]


@click.command(short_help="Grade every submission of an assignment.")
@click.argument("assignment")
@options.root
@options.class_folder
@options.database
@options.students
@options.workers
@click.option(
    "--scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask scheduler, with --engine sealed."
)
@click.option(
    "--engine",
    type=click.Choice(["sealed", "nbgrader"]),
    default="sealed",
    show_default=True,
    help="What runs the notebooks: a sandbox that hidden tests never enter (Linux), or nbgrader's converter.",
)
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    help="Where tests make their tensors: cpu, cuda, or cpu,cuda to grade on the first and compare with the second.",
)
@click.option("--weak-sandbox", is_flag=True, help="Let --engine sealed run where it cannot be closed wholly.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@options.as_json
@options.quiet
@options.verbose
def grade(
    assignment: str,
    root: Path | None,
    directory: Path | None,
    database: str | None,
    students: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
    engine: str,
    device: str,
    weak_sandbox: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Grade every submission of ASSIGNMENT in the class's folder, and print the table of marks.

    Notebooks are expected at submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb. What has not changed since the last run is
    not graded again. Marks go into nbgrader's gradebook; a run that was stopped resumes where it stopped.

    The gradebook is the database of --db, else of the variable AUTOGRADER_DB, else of CourseDirectory.db_url in the
    folder's nbgrader_config.py, else gradebook.db there. PostgreSQL is postgresql+psycopg://USER@HOST/NAME.

    With --json each line on stderr that begins with { is an event: begin, graded (student, points, done, of, rate,
    remaining_s), step, warning, and last finished, stopped or failed. Other lines there are for people. With -v what
    was repaired in each notebook is told on stderr, too.
    """
    from autograder.engines.choose import engine_factory
    from autograder.grading.grade import grade_class
    from autograder.grading.results import to_dict
    from autograder.progress import progress
    from autograder.reports.marks import marks_table

    def say(text: str) -> None:
        if not quiet and not as_json:
            click.echo(text, err=True)

    def warn(text: str) -> None:
        click.echo(json.dumps({"event": "warning", "text": text}) if as_json else f"Warning: {text}", err=True)

    if workers is not None and scheduler is not None:
        raise click.UsageError("--workers counts processes on this machine; a --scheduler has workers of its own.")
    course = Course.open(root, directory, database)
    started = time.monotonic()
    try:
        outcome = grade_class(
            course,
            assignment,
            students=students,
            workers=workers,
            force=force,
            factory=engine_factory(
                engine, weak_sandbox, scheduler=scheduler, device=device, say=warn if as_json else say
            ),
            shown=progress("Grading", quiet, as_json),
            warn=warn,
        )
    except KeyboardInterrupt:
        say("Stopped. What was graded is kept; run the same command to resume.")
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
