"""Honest work runs inside the sandbox as it does outside."""

from __future__ import annotations

import pytest

WORK = {
    "conv_forward_and_backward": lambda got: got == [2, 3, 16, 12],
    "threads_in_torch": lambda got: got == 2,
    "linear_algebra": lambda got: got < 1e-9,
    "figure": lambda got: min(got) > 1000,
    "temporary_files": lambda got: got == "kept",
    "save_and_load": lambda got: got is True,
    "ipython_cell": lambda got: got == 42,
    "late_imports": lambda got: got == ["ast", "sqlite3", "wave", "torchvision.transforms.v2"],
    "download": lambda got: got == "URLError",
    "data_loader": lambda got: got == 10,
    "a_program": lambda got: "Operation not permitted" in got,
    "threads": lambda got: got == 8,
    "fork_and_wait": lambda got: got == 7,
    "processors": lambda got: got >= 1,
}


@pytest.mark.parametrize("action", WORK)
def test_honest_work_runs(warm_zygote, action):
    answer = warm_zygote.ask(action, module="legitimate", limits={"cpu_seconds": 60, "wall_seconds": 120})
    assert answer["stop"] == "exited", answer
    assert "got" in answer["result"], answer
    assert WORK[action](answer["result"]["got"])


def test_the_zygotes_memory_is_gathered_for_cheap_forks(warm_zygote):
    assert warm_zygote.greeting["gathered"] > 100 << 20
