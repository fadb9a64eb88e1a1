"""``autograder new``: begin an assignment."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import options
from autograder.course import Course

__all__ = ["new"]


@click.command()
@click.argument("name")
@click.option("--task", default="same_padding", show_default=True, help="The function or class that students write.")
@options.root
def new(name: str, task: str, root: Path | None) -> int:
    """Begin the assignment NAME, such as 11-augmentation: a small one that passes all of `autograder verify`.

    Open solutions/NAME/NAME.py in JupyterLab or an editor, and change it into yours, one part at a time.
    """
    from autograder.assignment.skeleton import write_skeleton

    course = Course.open(root)
    for path in write_skeleton(course, name, task):
        click.echo(path.relative_to(course.root))
    click.echo(f"Next: autograder verify {name}", err=True)
    return 0
