"""The options that several commands have, each written once: one name, one meaning, one help text.

Imports click alone, so that every command's help answers at once.
"""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["as_json", "check", "class_folder", "database", "quiet", "root", "students", "verbose", "workers"]

root = click.option(
    "--root", type=click.Path(path_type=Path), help="The course's repository.  [default: found upward from here]"
)
class_folder = click.option(
    "--course", "directory", type=click.Path(path_type=Path), help="The class's folder.  [default: the root]"
)
database = click.option("--db", "database", metavar="URL", help="The gradebook's database.  [default: the folder's]")
students = click.option(
    "--student", "students", multiple=True, metavar="ID", help="Only this student; may be given again."
)
workers = click.option(
    "--workers", type=click.IntRange(1, 256), help="How many to run at the same time.  [default: the cores]"
)
check = click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 where something is not as it should be."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print the result only, or what is wrong.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Print details, too.")
