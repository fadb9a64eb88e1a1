"""A worker's grader that times what the worker does and keeps what the processes of its pair say."""

from __future__ import annotations

import json
import pickle
import time
from pathlib import Path
from typing import Any, ClassVar

from autograder.engines.contract import Graded, Job
from autograder.engines.sealed import submission
from autograder.engines.sealed.grader import Grader
from autograder.engines.sealed.pair import Pair
from benchmarks.spans import Spans

__all__ = ["WatchedGrader"]

HERE = Path(__file__).resolve().parent


class WatchedGrader(Grader):
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
        spans.wrap(submission, "session_of", "make the session")
        spans.wrap(pickle, "dumps", "pickle")
        spans.wrap(submission, "grade_cells", "send the session, read the cells' results")
        spans.wrap(submission, "_judged", "judge")
        spans.wrap(submission, "_executed", "fill in the notebook")
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
