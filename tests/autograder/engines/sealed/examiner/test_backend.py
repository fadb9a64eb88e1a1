"""What the checks ask of the examiner's backend: the sandbox for what is the student's, this process for all else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import torch

import autograder
from autograder.engines.sealed.examiner.backend import RemoteBackend
from autograder.engines.sealed.examiner.names import Sources
from autograder.engines.sealed.examiner.proxy import Proxy


class Link:
    def __init__(self) -> None:
        self.seconds = iter([1.0, 1.5])

    def cpu_seconds(self) -> float:
        return next(self.seconds)


class Sandbox:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.link = Link()
        self.asked: list[tuple[Any, ...]] = []

    def request(self, op: str, *values: Any) -> Any:
        self.asked.append((op, *values[1:]))
        return None

    def many(self, target: Proxy, calls: list[Any]) -> Any:
        self.asked.append(("many", calls))
        return iter([7, ValueError("no")])

    def place(self, *objects: Any) -> Any:
        return ("placed", *objects)

    def forget(self, handle: int) -> None:
        pass


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def backend(sandbox: Sandbox) -> RemoteBackend:
    sources = Sources()
    sources.add("import torch\ndef answer(x):\n    return torch.nn.functional.conv2d(x, x)\n")
    return RemoteBackend(lambda: sandbox, sources)  # type: ignore[arg-type, return-value]


@pytest.fixture
def answer(sandbox: Sandbox) -> Proxy:
    return Proxy(sandbox, 1, "answer", "function")  # type: ignore[arg-type]


def test_plain_cases_travel_in_one_request(backend: RemoteBackend, sandbox: Sandbox, answer: Proxy) -> None:
    function = backend.prepared(answer, [(1, 2), {"x": 3}])
    assert sandbox.asked == [("many", [((1, 2), {}), ((), {"x": 3})])]
    assert function(1, 2) == 7
    with pytest.raises(ValueError, match="no"):
        function(x=3)


@pytest.mark.parametrize("cases", [[(1,)], [(1,), (torch.zeros(1),)]])
def test_one_case_and_tensors_are_called_one_by_one(backend: RemoteBackend, answer: Proxy, cases: list[Any]) -> None:
    assert backend.prepared(answer, cases) is answer


def test_functions_of_a_test_stay_here(backend: RemoteBackend, sandbox: Sandbox) -> None:
    assert backend.prepared(abs, [(1,), (2,)]) is abs
    assert backend.cpu_seconds(abs, (1,), {}, 3) >= 0
    assert list(backend.used_names(abs)) == []
    assert sandbox.asked == []


def test_the_text_that_was_handed_in_is_searched(backend: RemoteBackend, answer: Proxy) -> None:
    assert "torch.nn.functional.conv2d" in [name for name, _ in backend.used_names(answer)]


def test_cpu_time_is_the_sandboxs_less_that_of_the_request(
    backend: RemoteBackend, sandbox: Sandbox, answer: Proxy
) -> None:
    assert backend.cpu_seconds(answer, (torch.zeros(1000),), {}, 4) == pytest.approx(0.5 - 100e-6 - 4e-6)
    assert sandbox.asked[0][0] == "repeat"
    assert sandbox.asked[0][-1] == 4


def test_what_a_test_places_goes_to_the_sandbox(backend: RemoteBackend) -> None:
    assert backend.place(1, 2) == ("placed", 1, 2)


def test_no_module_of_ours_assigns_a_name_of_convlab() -> None:
    """Only ``convlab.backend.use`` changes how checks work: nothing is patched."""
    patched = []
    for path in Path(autograder.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            patched += [f"{path.name}: {ast.unparse(t)}" for t in targets if ast.unparse(t).startswith("convlab.")]
    assert patched == []
