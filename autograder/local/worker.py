"""Run notebook cells under IPython and write down how each ended.

This module is the *inner* half of ``autograder.local.runner``: it runs in a process of its own, together with the
cells, and imports nothing of the package but a function for ``serve``. For trusted use only (an author's files, a
student's own check): nothing here keeps a cell from reading files or from forging its result.

A program is a folder with ``program.json``; this side adds ``ends.jsonl`` (a line when a cell starts, a line when it
ends) and ``output.txt``. ``once FOLDER`` runs one program; ``serve`` imports the slow libraries once, then forks a
child for every folder that is named on stdin, and writes the child's exit code to ``FOLDER/exit``. After ``rehearse
FOLDER`` it runs that program's cells itself, and says ``rehearsed``: what only costs time once is then done for every
child.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import linecache
import os
import random
import select
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

__all__: list[str] = []

SLOW_IMPORTS = (
    "numpy",
    "torch",
    "matplotlib.pyplot",
    "IPython.core.interactiveshell",
    "convlab.checks",
    "convlab.rules",
)
SEEDED = ("numpy", "torch")  # imported before the first cell, or their first numbers would be of any seed
REHEARSE = b"rehearse "
REHEARSAL_SECONDS = 120.0  # of CPU time
FIT = 42  # not what code that ends the process by itself would give
TASKS = Path("/proc/self/task")


def run_program(folder: Path, shell: Any = None) -> None:
    """Run the cells of ``folder/program.json`` in order, in ``shell`` or a new one.

    An exception in one does not stop the next, unless it is a check's and the program says ``stop``.
    """
    program = json.loads((folder / "program.json").read_text(encoding="utf-8"))
    ends = os.open(folder / "ends.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    output = os.open(folder / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(program["folder"])
    sys.path.insert(0, "")

    def say(**line: Any) -> None:
        os.write(ends, (json.dumps(line) + "\n").encode())

    import_all(SEEDED)
    shell = shell or make_shell()
    for cell in program["cells"]:
        say(start=cell["key"])
        if cell["graded"]:
            seed()
        shell.execution_count = cell["number"]
        before = time.process_time()
        result = shell.run_cell(cell["source"], store_history=False)
        spent = time.process_time() - before
        error = result.error_before_exec or result.error_in_exec
        say(end=cell["key"], seconds=spent, **(described(shell, error) if error else {}))
        if error and cell["graded"] and program["stop"]:
            break
    say(done=True)
    sys.stdout.flush()


def import_all(names: tuple[str, ...]) -> None:
    """Import what there is of ``names``; say on stderr what there is not."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"{name}: {error}", file=sys.stderr)


def make_shell() -> Any:
    """Return a new IPython shell without history, that prints no tracebacks and opens no windows."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, ipython_dir=tempfile.gettempdir())
    for method in ("showtraceback", "showsyntaxerror", "showindentationerror", "enable_gui"):
        setattr(shell, method, lambda *args, **kwargs: None)
    return shell


def described(shell: Any, error: BaseException) -> dict[str, str]:
    """Return name, text and traceback of ``error``; frames in cells read ``Cell In[3], line 2``, as in Jupyter."""
    numbers = shell.compile._filename_map
    frames = []
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        place = f"Cell In[{numbers[file]}]" if file in numbers else f"File {file}"
        frames.append(f"{place}, line {trace.tb_lineno}, in {trace.tb_frame.f_code.co_name}")
        trace = trace.tb_next
    text = str(error)
    if isinstance(error, SyntaxError):
        text = f"{error.msg} (line {error.lineno})"
        frames.append(f"Cell In[{numbers.get(error.filename, shell.execution_count)}], line {error.lineno}")
    return {"error": type(error).__name__, "text": text, "traceback": "\n".join(frames)}


def seed() -> None:
    """Make a check's random numbers the same whatever ran before it."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def rehearse(folder: Path) -> None:
    """Run the cells of ``folder/program.json`` here: kernels that torch compiles for each shape stay, and modules.

    A child tries first: cells that crash, hang or leave threads behind would spoil every later fork. They are not run.
    """
    if not TASKS.is_dir():
        return  # threads cannot be counted here
    cells = json.loads((folder / "program.json").read_text(encoding="utf-8"))["cells"]
    child = os.fork()
    if child == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = 1
        try:
            signal.setitimer(signal.ITIMER_PROF, REHEARSAL_SECONDS)  # nobody handles them: they end this child
            signal.setitimer(signal.ITIMER_REAL, 10 * REHEARSAL_SECONDS)
            threads = len(os.listdir(TASKS))
            run_plainly(cells, folder)
            code = FIT if len(os.listdir(TASKS)) == threads else 1
        finally:
            os._exit(code)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == FIT:
        run_plainly(cells, folder)
        spare()


def spare() -> None:
    """Make this process cheap to fork: the collector keeps off what is here by now, and its pages become few."""
    from autograder.engines.sealed.warm import collapse_memory

    collapse_memory()


def run_plainly(cells: list[dict[str, Any]], folder: Path) -> None:
    """Run ``cells`` as plain Python, and leave this process as it was as far as that shows."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    surroundings, here, path = dict(os.environ), os.getcwd(), list(sys.path)
    torch = sys.modules.get("torch")
    dtype = torch.get_default_dtype() if torch else None
    try:
        os.chdir(folder)
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            for cell in cells:
                with contextlib.suppress(Exception, SystemExit):
                    exec(compile(cell["source"], cell["key"] or "cell", "exec"), namespace)
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(surroundings)
        sys.path[:] = path
        linecache.clearcache()
        if torch:
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(True)
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


def serve() -> None:
    """Import what is slow, say ``ready``, and fork a child for each folder named on stdin until that is closed."""
    import_all(SLOW_IMPORTS)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    shell = make_shell()  # once, for every child
    spare()
    wake, tell = os.pipe()  # written to when a child ends
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    os.write(1, b"ready\n")
    children: dict[int, Path] = {}
    asked = b""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 65536)
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                break
            asked += more
        *lines, asked = asked.split(b"\n")
        for line in lines:
            if line.startswith(REHEARSE):
                rehearse(Path(os.fsdecode(line.removeprefix(REHEARSE))))
                os.write(1, b"rehearsed\n")
                continue
            folder = Path(os.fsdecode(line))
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                lead_and_run(folder, shell)
            children[pid] = folder
            (folder / "pid").write_text(str(pid))
        for pid in list(children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                folder = children.pop(pid)
                (folder / "exit.part").write_text(str(os.waitstatus_to_exitcode(status)))
                (folder / "exit.part").rename(folder / "exit")
    for pid in children:
        os.killpg(pid, signal.SIGKILL)


def lead_and_run(folder: Path, shell: Any = None) -> None:
    """Run a program as the leader of a process group of its own, and end the group with it."""
    code = 1
    try:
        if sys.platform != "win32" and os.getpgrp() != os.getpid():
            os.setsid()
        run_program(folder, shell)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)  # what the cells started ends here too; ends.jsonl already says "done"
        os._exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        lead_and_run(Path(sys.argv[2]))
