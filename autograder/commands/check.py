"""``autograder check``: show a student what the public tests say about their notebook."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands import options

__all__ = ["check"]

if TYPE_CHECKING:
    from autograder.local.check import Checked


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@options.root
@options.as_json
@options.quiet
def check(notebook: Path, root: Path | None, as_json: bool, quiet: bool) -> int:
    """Run the public tests of NOTEBOOK in a fresh process, as if you had restarted it and run every cell.

    Exits with 0 when every public test passed, and with 1 when one did not.
    """
    from rich.console import Console

    from autograder.local.check import check_notebook

    narration = Console(stderr=True, quiet=quiet or as_json)
    with narration.status("Running your notebook …"):
        checked = check_notebook(notebook, root)
    if as_json:
        click.echo(json.dumps(to_json(checked), indent=1, ensure_ascii=False))
    else:
        show(checked, quiet)
    for note in checked.notes:
        narration.print(f"Note: {note}", style="yellow", markup=False, highlight=False)
    return 0 if checked.passed else 1


def to_json(checked: Checked) -> dict[str, object]:
    """Return the result as plain data; ``detail``, which is for staff, is left out."""
    checks = [{**asdict(check), "task": check.check.partition("-")[0]} for check in checked.checks]
    for check in checks:
        del check["detail"]
        check["written"] = check["task"] not in checked.unwritten
    return {
        "assignment": checked.assignment.name,
        "title": checked.assignment.title,
        "points": checked.points,
        "public_points": checked.public_points,
        "all_points": checked.assignment.points,
        "passed": checked.passed,
        "notes": list(checked.notes),
        "checks": checks,
    }


def show(checked: Checked, quiet: bool) -> None:
    """Print a line per task, then what to fix, then the sum."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    if not quiet:
        table = Table("Task", "Public test", "Points", "Result", box=None, pad_edge=False, header_style="dim")
        table.columns[2].justify = "right"
        by_id = {check.check: check for check in checked.checks}
        trouble = []
        for task in checked.assignment.tasks:
            for check in (check for check in task.checks if check.id in by_id):
                got = by_id[check.id]
                if got.points:
                    word, style = "passed", "green"
                elif task.name in checked.unwritten:
                    word, style = "not written yet", "dim"
                else:
                    word, style = "failed", "bold red"
                    trouble.append((task, check, got))
                points = f"{got.points:g} / {got.max_points:g}"
                table.add_row(f"{task.number} {task.name}", Text(check.title), points, Text(word, style))
        console.print(Text(checked.assignment.title, "bold"), end="\n\n")
        console.print(table)
        for task, check, got in trouble:
            console.print(Text(f"\nTask {task.number} {task.name}: {check.title}", "bold"))
            console.print(Padding(Text(got.message), (0, 0, 0, 2), expand=False))
        console.print()
    rest = checked.assignment.points - checked.public_points
    click.echo(
        f"Public tests: {checked.points:g} of {checked.public_points:g} points. "
        f"The other {rest:g} of the {checked.assignment.points:g} points are for hidden tests, marked after handing in."
    )
