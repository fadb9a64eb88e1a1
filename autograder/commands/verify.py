"""``autograder verify``: show which wrong answers each check catches, and what is wrong with the checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands import options
from autograder.course import Course

__all__ = ["verify"]

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.local.survivors import Mutated, Tried
    from autograder.local.verify import Trial, Verified
    from autograder.model import Task


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@options.root
@options.workers
@click.option("--jobs", type=click.IntRange(1, 256), hidden=True)  # the former name of --workers
@click.option("--repeat", type=click.IntRange(min=1), default=1, help="Run each this often; all must give the same.")
@click.option(
    "--quick",
    is_flag=True,
    help="Run answers with their own task's cells; if --quiet, to the first failed check.",
)
@click.option(
    "--smoke",
    is_flag=True,
    help="Run the reference, the release and a notebook that mixes a wrong answer of each task; nothing else.",
)
@click.option(
    "--spoil",
    is_flag=True,
    help="Only look for checks that compare with what an answer left of its arguments.",
)
@click.option(
    "--mutants",
    is_flag=True,
    help="Try mutants of the reference in place of the known answers, with their own task's cells.",
)
@click.option(
    "--sealed",
    is_flag=True,
    help="Grade the known answers in the engine that grades classes, where checks and answers are in two processes.",
)
@options.as_json
@options.quiet
def verify(
    names: tuple[str, ...],
    root: Path | None,
    workers: int | None,
    jobs: int | None,
    repeat: int,
    quick: bool,
    smoke: bool,
    spoil: bool,
    mutants: bool,
    sealed: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Test the tests of the assignments NAME (all of them if none is named) with right and wrong answers.

    Exits with 1 when a right answer loses points, a wrong one keeps them, or no wrong answer fails some check.
    With --spoil, when a check passes an answer that spoils its arguments and returns what then fits.
    With --mutants: when a mutant passes every check and is not marked as equivalent in wrong/TASK.py.
    With --sealed: when the reference or a right answer loses points in that engine, or a wrong one keeps them.
    """
    from rich.console import Console
    from rich.progress import Progress

    from autograder.local.verify import verify as run_all

    course = Course.open(root)
    chosen = list(dict.fromkeys(names)) or course.assignments()
    if spoil:
        return look_for_spoilt(course, chosen, workers or jobs, as_json)
    narration = Console(stderr=True)
    if mutants and repeat > 1:
        raise click.UsageError("--repeat is for the known answers; leave it out with --mutants.")
    with Progress(console=narration, transient=True, disable=quiet or as_json or not narration.is_terminal) as bar:
        line = bar.add_task("Running mutants" if mutants else "Running known answers", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(line, completed=done, total=total)

        if sealed:
            return in_the_engine(course, chosen, workers or jobs, progress, as_json)
        if mutants:
            return of_mutants(course, chosen, workers or jobs, progress, as_json, quiet)
        found = run_all(
            course,
            chosen,
            workers=workers or jobs,
            repeat=repeat,
            quick=quick,
            smoke=smoke,
            first=quick and quiet and not as_json,  # nothing is shown of the other checks
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps([to_json(one) for one in found], indent=1, ensure_ascii=False))
    else:
        for one in found:
            show(one, quiet)
    return 1 if any(one.problems for one in found) else 0


def look_for_spoilt(course: Course, names: Sequence[str], workers: int | None, as_json: bool) -> int:
    """Run the reference with its arguments spoiled, and show which checks do not notice."""
    from autograder.local.spoil import spoilt
    from autograder.processes import cores

    found = []
    for one in spoilt(course, names, workers=workers or cores()):
        found.append(one)
        if as_json:
            continue
        for problem in one.problems:
            click.echo(f"PROBLEM  {problem}")
        if one.untried:
            click.echo(f"{one.name}: not tried, since the wrapped reference fails them: {', '.join(one.untried)}.")
        click.echo(f"{one.name}: checks that compare with spoiled arguments {len(one.problems)}.")
    if as_json:
        lines = [{"assignment": v.name, "problems": list(v.problems), "untried": list(v.untried)} for v in found]
        click.echo(json.dumps(lines, indent=1, ensure_ascii=False))
    return 1 if any(one.problems for one in found) else 0


def in_the_engine(
    course: Course, names: Sequence[str], workers: int | None, progress: Callable[[int, int], None], as_json: bool
) -> int:
    """Grade the known answers of the assignments ``names`` in the sealed engine, and print what is wrong."""
    from autograder.engines.choose import engine_factory
    from autograder.local.sealed import grade_known_answers

    found = []
    for one in grade_known_answers(course, names, engine_factory("sealed")(Path(), workers), progress):
        found.append(one)
        if not as_json:
            for problem in one.problems:
                click.echo(f"PROBLEM  {problem}")
            counted = ", ".join(f"{kind} {count}" for kind, count in one.graded.items())
            click.echo(f"{one.name}: graded in the sealed engine: {counted}, problems {len(one.problems)}.")
    if as_json:
        lines = [{"assignment": v.name, "graded": v.graded, "problems": list(v.problems)} for v in found]
        click.echo(json.dumps(lines, indent=1, ensure_ascii=False))
    return 1 if any(one.problems for one in found) else 0


def of_mutants(
    course: Course,
    names: Sequence[str],
    workers: int | None,
    progress: Callable[[int, int], None],
    as_json: bool,
    quiet: bool,
) -> int:
    """Try the mutants of the assignments ``names``, and print what became of them as each assignment ends."""
    from autograder.local.survivors import try_mutants

    found = []
    for one in try_mutants(course, names, workers=workers, progress=progress):
        found.append(one)
        if not as_json:
            show_mutants(one, quiet)
    if as_json:
        click.echo(json.dumps([mutants_to_json(one) for one in found], indent=1, ensure_ascii=False))
    return 1 if any(one.problems or one.survivors for one in found) else 0


def mutants_to_json(found: Mutated) -> dict[str, object]:
    def plain(one: Tried) -> dict[str, str]:
        mutant = one.mutant
        about = {"task": one.task, "operator": mutant.operator, "sentence": mutant.sentence}
        return {**about, "old": mutant.old, "new": mutant.new, **({"reason": one.mark.reason} if one.mark else {})}

    return {
        "assignment": found.assignment.name,
        "made": len(found.tried),
        "killed": len(found.killed),
        "equivalent": [plain(one) for one in found.equivalent],
        "survivors": [plain(one) for one in found.survivors],
        "problems": list(found.problems),
    }


def show_mutants(found: Mutated, quiet: bool) -> None:
    """Print a table of the tasks, the survivors with their change, the problems, and a summary line."""
    from rich.console import Console
    from rich.table import Table

    name = found.assignment.name
    groups = (found.tried, found.killed, found.equivalent, found.survivors)
    if not quiet:
        table = Table(title=f"{found.assignment.title} ({name})", title_justify="left", box=None)
        table.add_column("task", no_wrap=True)
        for column in ("made", "killed", "equivalent", "survivors"):
            table.add_column(column, justify="right")
        for task in found.assignment.tasks:
            table.add_row(task.name, *(str(sum(one.task == task.name for one in group)) for group in groups))
        Console(highlight=False, markup=False).print(table)
    for one in found.survivors:
        click.echo(f"SURVIVOR  {name}, {one.task}: {one.mutant.sentence} ({one.mutant.operator})")
        click.echo(f"  - {one.mutant.old}\n  + {one.mutant.new}")
    for problem in found.problems:
        click.echo(f"PROBLEM  {problem}")
    made, killed, equivalent, survivors = map(len, groups)
    click.echo(f"{name}: mutants made {made}, killed {killed}, equivalent {equivalent}, survivors {survivors}.")


def to_json(found: Verified) -> dict[str, object]:
    answers = [
        {
            "kind": trial.answer.kind,
            "task": trial.answer.task,
            "name": trial.answer.name,
            "sentence": trial.answer.sentence,
            "points": trial.points,
            "failed": list(trial.failed),
            "cpu_seconds": round(sum(check.cpu_seconds for check in trial.checks), 3),
        }
        for trial in found.trials
    ]
    name, points = found.assignment.name, found.assignment.points
    return {"assignment": name, "points": points, "problems": list(found.problems), "answers": answers}


def show(found: Verified, quiet: bool) -> None:
    """Print a table per task (wrong answers against checks), a summary line, and the problems."""
    from rich.console import Console
    from rich.text import Text

    from autograder.local.verify import SMOKE

    console = Console(highlight=False, markup=False)
    if not quiet:
        console.print(Text(f"{found.assignment.title} ({found.assignment.name})", "bold"))
        for task in found.assignment.tasks:
            wrong = [v for v in found.trials if v.answer.kind == "wrong" and v.answer.task == task.name]
            console.print(kill_table(task, wrong))
    for problem in found.problems:
        click.echo(f"PROBLEM  {problem}")
    points = found.assignment.points
    by_kind = {kind: [v for v in found.trials if v.answer.kind == kind] for kind in KINDS}
    full = sum(not trial.failed for trial in by_kind["right"])
    caught = sum(any(c.startswith(f"{v.answer.task}-") for c in v.failed) for v in by_kind["wrong"])
    known = f"right answers with full marks {full} of {len(by_kind['right'])}, "
    known += f"wrong answers caught {caught} of {len(by_kind['wrong'])}, "
    click.echo(
        f"{found.assignment.name}: reference {by_kind['reference'][0].points:g} of {points:g}, "
        f"release {by_kind['release'][0].points:g}, "
        f"{known if len(found.trials) > SMOKE else ''}problems {len(found.problems)}."
    )


KINDS = ("reference", "release", "right", "wrong")


def kill_table(task: Task, wrong: Sequence[Trial]) -> Table:
    """Return the table of a task: a row per wrong answer, a column per check, a cross where the check fails it."""
    from rich.table import Table

    table = Table(title=f"\n{task.number} {task.name} ({task.points:g} points)", title_justify="left", box=None)
    table.add_column("wrong answer", no_wrap=True)
    for check in task.checks:
        table.add_column(check.id.removeprefix(f"{task.name}-"), justify="center", overflow="fold")
    table.add_column("lost", justify="right")
    for trial in wrong:
        marks = ["✗" if check.id in trial.failed else "·" for check in task.checks]
        lost = sum(check.points for check in task.checks if check.id in trial.failed)
        table.add_row(trial.answer.name, *marks, f"{lost:g}")
    return table
