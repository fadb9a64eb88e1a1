"""The command line. Each command lives in ``autograder.commands`` and is imported only when it is called.

Results go to stdout, narration to stderr. Exit codes: 0 all well, 1 grading found failures where that was asked,
2 the call cannot be carried out as given, 3 our own failure.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from autograder import __version__
from autograder.errors import AutograderError, DiskError

__all__ = ["cli", "main"]

COMMANDS = {
    "new": "Begin an assignment: a small one that passes all checks of its checks.",
    "release": "Make the students' notebook of an assignment from its source.",
    "check": "Run the public tests of a notebook, in a fresh process.",
    "grade": "Grade every submission of an assignment.",
    "feedback": "Write a feedback page for every graded submission.",
    "report": "Write one page about the whole class, and a CSV file beside it.",
    "verify": "Test an assignment's tests with known right and wrong answers.",
    "doctor": "Look at this machine and say what is missing.",
    "example": "Make an example class to try grading with.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps, and imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"autograder.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autograder")
def cli() -> None:
    """Release, check and grade the assignments of the course."""


def main(args: list[str] | None = None) -> Any:
    """Run the command line and exit with its code; known errors are one line on stderr."""
    try:
        code = cli.main(args=args, prog_name="autograder", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except AutograderError as error:
        click.echo(f"autograder: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in (28, 122):  # ENOSPC, EDQUOT
            raise
        full = DiskError(f"No space left to write {error.filename or 'a file'}.", "Free some space and run it again.")
        click.echo(f"autograder: {full}", err=True)
        sys.exit(full.exit_code)
    except BrokenPipeError:
        os._exit(0)
    sys.exit(code if isinstance(code, int) else 0)
