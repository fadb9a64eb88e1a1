"""The IPython shell that runs student cells, set up so that it can be forked and prints plain, short errors.

Runs in the zygote (made and warmed there) and in the sandbox.
"""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

__all__ = ["CELL", "Shell", "leave_compilation_out", "make_shell", "place_in_cells"]

CELL = "<cell {}>"
_SHOWN_FRAMES = 12
# Magics that time, show or hide what Python code does. All others reach for files, programs or the network.
_LINE_MAGICS = frozenset({"matplotlib", "precision", "prun", "time", "timeit", "who", "whos", "xmode"})
_CELL_MAGICS = frozenset({"capture", "prun", "time", "timeit"})
_FIGURE = """
%matplotlib inline
import matplotlib.pyplot as plt
figure, axes = plt.subplots(1, 2)
axes[0].imshow([[0, 1], [2, 3]], cmap="gray")
axes[1].plot([1, 2], [3, 4], label="x")
axes[1].set_yscale("log", base=2)
axes[1].set_title("x")
axes[1].legend()
figure.canvas.draw()
plt.close("all")
"""


class _Compiler(CachingCompiler):
    """Name the code of each cell after its number in the notebook."""

    number = 0

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return CELL.format(self.number)


class Shell(InteractiveShell):
    """IPython without history, without a frontend, and with Python's own tracebacks (IPython's take 10 ms each)."""

    def init_history(self) -> None:
        super().init_history()  # type: ignore[no-untyped-call]
        self.history_manager.enabled = False  # type: ignore[union-attr]

    def transform_cell(self, raw_cell: str) -> str:
        """Turn magics into Python; a cell that is Python already has none, and is not tokenised."""
        try:
            ast.parse(raw_cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return super().transform_cell(raw_cell)  # type: ignore[no-any-return,no-untyped-call]
        return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"

    def system(self, cmd: str) -> None:
        """Leave a shell command out (``!ls``): a cell goes on as if it had printed nothing."""
        _left_out(f"!{cmd}", "shell commands")

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Leave a shell command out (``files = !ls``) and return no lines."""
        _left_out(f"!{cmd}", "shell commands")
        return SList() if split else ""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic that works on what the cell computes; leave out those that look elsewhere, and unknown ones."""
        if magic_name in _LINE_MAGICS:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        return _left_out(f"%{magic_name} {line}".strip(), "such commands")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run the cell below ``%%time`` and its like; leave out cells that are not Python."""
        if magic_name in _CELL_MAGICS:
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        return _left_out(f"%%{magic_name} {line}".strip(), "such cells")

    def enable_gui(self, gui: Any = None) -> None:
        """Accept ``%matplotlib inline`` and its like: there is no event loop to join."""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        _show(sys.exc_info()[1])

    def _format_exception_for_storage(  # type: ignore[no-untyped-def]
        self, exception, filename=None, running_compiled_code=False
    ) -> dict[str, Any]:
        return {"ename": type(exception).__name__, "evalue": str(exception), "traceback": []}

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        _show(sys.exc_info()[1])

    def run(self, number: int, source: str) -> BaseException | None:
        """Run the cell ``number`` of the notebook and return what it raised, if anything."""
        self.compile.number = number  # type: ignore[attr-defined]
        result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def defined(self) -> dict[str, Any]:
        """Return what the cells have defined so far, by name."""
        hidden = self.user_ns_hidden
        return {
            name: value
            for name, value in self.user_ns.items()
            if name[:1] != "_" and name not in ("In", "Out") and not (name in hidden and hidden[name] is value)
        }


def _left_out(command: str, kind: str) -> None:
    """Say in one line what is not run."""
    text = command.splitlines()[0][:60] if command.split() else command
    print(f"{text}: left out, {kind} are not run while grading.")


def _show(error: BaseException | None) -> None:
    """Print an error with the lines of cells that it went through; reading the sources of libraries takes 50 ms."""
    if error is not None:
        print("Traceback (most recent call last):", file=sys.stderr)
        for number, line in place_in_cells(error)[-_SHOWN_FRAMES:]:
            text = linecache.getline(CELL.format(number), line).strip()
            print(f"  Cell {number}, line {line}: {text}", file=sys.stderr)
        print(*traceback.format_exception_only(error), sep="", end="", file=sys.stderr)


def leave_compilation_out() -> None:
    """Let ``torch.compile`` return what it is given: the sandbox has no compiler, and the result is the same."""
    import torch

    def compile(model: Any = None, **_: Any) -> Any:
        print("torch.compile: left out, code runs uncompiled while grading.")
        return model if model is not None else lambda function: function

    vars(torch)["compile"] = compile


def make_shell() -> Shell:
    """Make the one shell of this process and run each kind of cell once."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.autocall = 0
    config.Completer.use_jedi = False
    shell = Shell.instance(config=config)
    shell.compile = _Compiler()  # type: ignore[no-untyped-call]
    for warming in ("import math\ndef f(x):\n    return x\nf(1)\n", "class C:\n    pass\nNone;", _FIGURE):
        shell.run_cell(warming, store_history=False)  # type: ignore[no-untyped-call]
    shell.display_formatter.active_types = ["text/plain"]  # type: ignore[union-attr]  # figures are not drawn: nobody looks at them
    for name in ("math", "f", "C", "plt", "figure", "axes"):
        shell.user_ns.pop(name, None)
    shell.displayhook.flush()  # type: ignore[no-untyped-call]
    shell.execution_count = 1
    return shell


def place_in_cells(error: BaseException) -> list[tuple[int, int]]:
    """Return (cell number, line) of each frame of ``error`` that lies in a cell, outermost first."""
    prefix = CELL.partition("{")[0]
    places: list[tuple[str, int]] = []
    if isinstance(error, SyntaxError) and str(error.filename).startswith(prefix):
        places.append((str(error.filename), error.lineno or 0))
    places += [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return [(int(name[len(prefix) : -1]), line) for name, line in places if name.startswith(prefix)]
