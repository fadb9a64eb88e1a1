"""Run a notebook's cells in a kernel so that one task cannot take another's marks with it.

Runs in a worker process, which trusts nothing that the kernel sends. A cell that does not end is interrupted; a kernel
that does not answer afterwards, or that died, is replaced, and the student's other cells are run again in the new one.
"""

from __future__ import annotations

import asyncio
import copy
import time
from typing import Any

import psutil  # type: ignore[import-untyped]
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from nbformat import from_dict
from nbgrader.preprocessors import Execute
from traitlets import Any as AnyTrait

from autograder.engines.judge import CellEnd
from autograder.model import Outcome

__all__ = ["IsolatingExecute"]

_OUTPUTS = ("stream", "display_data", "execute_result", "error", "update_display_data")


class IsolatingExecute(Execute):  # type: ignore[misc]
    """nbgrader's Execute with limits for each cell, and with a record of how each cell ended (``ends``, by index)."""

    limits = AnyTrait(help="an engine.Limits")
    ends: dict[int, CellEnd]  # how each executed cell ended, by its index
    own_cells: dict[int, dict[int, str]]  # at a failed cell: the student's cells by execution count

    # Set on the class: a submission may configure none of these.
    raise_on_iopub_timeout = False
    shutdown_kernel = "immediate"
    iopub_timeout = 2
    record_timing = False

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> tuple[Any, Any]:
        NotebookClient.__init__(self, nb, km)
        self.resources, self.timeout_func = resources, self._seconds
        self.ends, self.own_cells = {}, {}
        self.roles = [_role(cell) for cell in nb.cells]
        self.deadline = time.monotonic() + self.limits.submission_seconds
        self.late: set[str] = set()  # tasks of which a check ran into a limit
        self.broken: dict[str, Outcome] = {}  # tasks whose answer is not defined in a new kernel, and why
        self.skip: set[int] = set()  # cells that are not run again in a new kernel
        self.numbers: dict[int, str] = {}  # the student's cells by execution count in the present kernel
        self.reset_execution_trackers()
        with self.setup_kernel():
            self.wait_for_reply(self.kc.kernel_info())
            for index, cell in enumerate(nb.cells):
                if cell.cell_type == "code":
                    self._run(index, cell)
        return nb, resources

    def _seconds(self, cell: Any) -> int:
        role, task = self.roles[self.index]
        seconds: float = self.limits.setup_seconds if role == "locked" else self.limits.cell_seconds
        if task in self.late:
            seconds /= 4  # the task has shown that it hangs: its other checks need not cost as much again
        return int(max(1, min(seconds, self.deadline - time.monotonic())))

    def _run(self, index: int, cell: Any) -> None:
        """Run one cell and record how it ended; afterwards there is a kernel that responds."""
        role, task = self.roles[index]
        limit = self.broken.get(task) if role == "check" else None
        if limit is None and time.monotonic() >= self.deadline:
            limit = Outcome.TIME_LIMIT
        if limit is not None:
            self.ends[index] = CellEnd("NotRun", limit=limit)
            cell.outputs.append(_error("NotRun", "Not run: your code for this task was stopped before."))
            return
        answers = self._execute(index, cell)
        reply = self.reply
        failed = reply.get("status") == "error" or self.limit is not None
        self.ends[index] = CellEnd(
            str(reply.get("ename") or "Error") if failed else "",
            str(reply.get("evalue") or "") if failed else "",
            "\n".join(map(str, reply.get("traceback") or ())) if failed else "",
            self.limit,
            max(0.0, self._cpu() - self.cpu_before),
        )
        if failed:
            self.own_cells[index] = dict(self.numbers)
        if self.limit is None:
            return
        if role == "check":
            self.late.add(task)
        # After a flood the kernel still has output to send, and the next cell would spend its time waiting for that.
        if answers and self.limit is not Outcome.OUTPUT_LIMIT and self._kernel_answers():
            return
        failed_cells = {index}
        if role == "check":
            failed_cells = {i for i, (kind, name) in enumerate(self.roles) if kind == "student" and name == task}
            self.broken[task] = self.limit
        self._replace_kernel(index, failed_cells)

    def _execute(self, index: int, cell: Any) -> bool:
        """Run one cell, setting ``reply`` and ``limit``; return False when the kernel died."""
        self.index, self.limit, self.printed = index, None, 0
        self.reply: dict[str, Any] = {}
        self.cell_started, self.cpu_before = time.monotonic(), self._cpu()
        try:
            self.execute_cell(cell, index, store_history=True)
        except DeadKernelError:
            self.limit = Outcome.CRASHED
            cell.outputs.append(_error("KernelDied", "The process that ran this cell ended."))
            return False
        if self.roles[index][0] == "student" and cell.execution_count:
            self.numbers[cell.execution_count] = cell.source
        return True

    def on_cell_executed(self, **kwargs: Any) -> None:
        self.reply = kwargs["execute_reply"]["content"]
        super().on_cell_executed(**kwargs)

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        # A busy machine is no fault of the student's: wait while the kernel has had less CPU time than it may use.
        starved = self._cpu() - self.cpu_before < 0.8 * timeout
        if starved and time.monotonic() - self.cell_started < 3.5 * timeout and time.monotonic() < self.deadline:
            return None
        self.limit = self.limit or Outcome.TIME_LIMIT
        return await super()._async_handle_timeout(timeout, cell)

    def _cpu(self) -> float:
        """Return the CPU time that the kernel has used, in seconds."""
        try:
            times = psutil.Process(self.km.provisioner.pid).cpu_times()
        except (psutil.Error, AttributeError):
            return 0.0
        return float(times.user + times.system)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] in _OUTPUTS:
            self.printed += len(str(msg["content"]))
            if self.printed > self.limits.output_chars and msg["msg_type"] != "error":
                # Also after the time limit: what was printed until then may only arrive now, and was the cause.
                if self.limit in (None, Outcome.TIME_LIMIT):
                    self.limit = Outcome.OUTPUT_LIMIT
                    cell.outputs.append(_error("OutputLimit", "This cell printed too much and was stopped."))
                    self._interruption = asyncio.ensure_future(self.km.interrupt_kernel())
                return None
        return super().process_message(msg, cell, cell_index)

    def _kernel_answers(self, seconds: float = 3.0) -> bool:
        """Say whether the kernel is idle again after an interrupt."""
        asked, end = self.kc.kernel_info(), time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                message = run_sync(self.kc.shell_channel.get_msg)(timeout=0.5)
            except Exception:  # queue.Empty, or a message that cannot be decoded
                continue
            if message["parent_header"].get("msg_id") == asked:
                return True
        return False

    def _replace_kernel(self, index: int, failed_cells: set[int]) -> None:
        """Start a new kernel and run again what the student had defined, except for what broke the last one."""
        while failed_cells:
            self.skip |= failed_cells
            failed_cells = set()
            self._cleanup_kernel()
            self.create_kernel_manager()
            self.start_new_kernel()
            self.start_new_kernel_client()
            self.wait_for_reply(self.kc.kernel_info())
            self.numbers = {}
            for earlier in range(index):
                cell = self.nb.cells[earlier]
                if cell.cell_type != "code" or self.roles[earlier][0] == "check" or earlier in self.skip:
                    continue
                answers = self._execute(earlier, copy.deepcopy(cell))
                self.nb.cells[earlier] = cell  # nbclient puts the copy there
                if self.limit is not None and not (answers and self._kernel_answers()):
                    failed_cells = {earlier}
                    break


def _role(cell: Any) -> tuple[str, str]:
    """Return who wrote the cell ("student", "locked" or "check") and the task it belongs to, if any."""
    about = cell.metadata.get("nbgrader") or {}
    name = str(about.get("grade_id", ""))
    if about.get("solution") or not name:
        return "student", name
    return ("check", name.split("-")[0]) if about.get("grade") else ("locked", "")


def _error(name: str, text: str) -> Any:
    fields = {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
    return from_dict(fields)  # type: ignore[no-untyped-call]
