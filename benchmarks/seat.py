"""A worker's seat that times what the worker does and keeps what the processes of its pair say."""

from __future__ import annotations

import json
import pickle
import time
from pathlib import Path
from typing import Any, ClassVar

from autograder.engines.contract import Graded, Job
from autograder.sealed import engine
from autograder.sealed.pair import Pair
from autograder.sealed.seat import Seat
from benchmarks.spans import Spans

__all__ = ["WatchedSeat"]

HERE = Path(__file__).resolve().parent


class WatchedSeat(Seat):
    """Loads the module ``PROBE`` into the pair and writes what was measured to the file ``OUT`` at the end."""

    PROBE: ClassVar[str] = ""
    OUT: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.probe, self.out = self.PROBE, self.OUT
        self.grades: list[dict[str, Any]] = []
        self.spans: Spans | None = None

    def start(self) -> None:
        self.spans = spans = Spans()
        spans.wrap(engine, "session_of", "make the session")
        spans.wrap(pickle, "dumps", "pickle")
        spans.wrap(engine, "grade_cells", "send the session, read the cells' results")
        spans.wrap(engine, "_judged", "judge")
        spans.wrap(engine, "_executed", "fill in the notebook")
        super().start()

    def grade(self, job: Job, hidden: dict[str, str]) -> Graded:
        graded = super().grade(job, hidden)
        assert self.spans is not None
        self.grades.append({"spans": self.spans.so_far(), "cpu": time.process_time()})
        return graded

    def close(self) -> None:
        time.sleep(1)  # the last sandbox may take a moment to end
        if self.pair is not None and self.spans is not None:
            errors = self.pair.errors.read_text(errors="replace")
            data = {"grades": self.grades, "errors": errors, "missing": self.spans.missing}
            Path(self.out).write_text(json.dumps(data), encoding="utf-8")
        super().close()

    def _new(self) -> Pair:
        return Pair((*self.readable, HERE), preload=["matplotlib.pyplot", self.probe])
