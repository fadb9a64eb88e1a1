"""Set up, release, build the site, grade the example class, and say where everything is: ``make course``.

    python3 tools/course.py

Uses the standard library alone; every other step runs in the environment that the first one makes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import setup_env

ROOT = setup_env.ROOT
CLASS = ROOT / "build" / "class"
EXAMPLE = "02-convolution-arithmetic"  # one assignment shows all; a class for another: `autograder example NAME`
SITE = ROOT / "build" / "site" / "_build" / "html"


class StepFailed(Exception):
    """Report a step that ended with an error; its own output said why."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} failed (exit code {code}): the lines above say why.")
        self.code = code


class Steps:
    """Run steps in order and keep how long each took."""

    def __init__(self) -> None:
        self.seconds: list[tuple[str, float]] = []

    def run(self, name: str, *command: object) -> None:
        """Run one command, its results on stdout.

        Raises:
            StepFailed: it failed.
        """
        setup_env.say(f"\n── {name}")
        start = time.monotonic()
        code = subprocess.run([str(part) for part in command], cwd=ROOT).returncode
        self.seconds.append((name, time.monotonic() - start))
        if code != 0:
            raise StepFailed(name, code)


def main() -> None:
    start = time.monotonic()
    setup_env.say("── Set up")
    setup_env.main()
    steps = Steps()
    steps.seconds.append(("Set up", time.monotonic() - start))
    python = setup_env.venv_python()
    tool = (python, "-m", "autograder")
    steps.run("Release the assignments", *tool, "release", "--all")
    steps.run("Build the site", python, "-m", "tools.build_site")
    # The example class is ours: it may be graded on a machine that cannot shut in student code, or is no Linux.
    engine = ("--weak-sandbox",) if sys.platform == "linux" else ("--engine", "nbgrader")
    where = ("--course", CLASS)
    steps.run("Make the example class", *tool, "example", EXAMPLE, "--out", CLASS)
    steps.run("Grade it", *tool, "grade", EXAMPLE, *where, *engine)
    steps.run("Compare every mark with the one it must get", *tool, "example", EXAMPLE, "--out", CLASS, "--check")
    steps.run("Write the feedback pages", *tool, "feedback", EXAMPLE, *where)
    steps.run("Write the class report", *tool, "report", EXAMPLE, *where)
    total = time.monotonic() - start
    print("\nHow long it took")
    for name, seconds in [*steps.seconds, ("Everything", total)]:
        print(f"  {seconds:7.1f} s  {name}")
    print("\nWhere to look")
    for what, path in (
        ("the site", SITE / "index.html"),
        ("feedback pages", CLASS / "feedback"),
        ("class reports", CLASS / "report"),
        ("the gradebook", CLASS / "gradebook.db"),
    ):
        print(f"  {what + ':':16s} {path}")


if __name__ == "__main__":
    try:
        main()
    except (setup_env.SetupError, StepFailed) as error:
        sys.exit(f"course: {error}")
    except KeyboardInterrupt:
        sys.exit("course: stopped. Run it again to go on from here.")
