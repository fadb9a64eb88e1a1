"""A sandbox that lies on the wire gains nothing: every lie ends it, and nothing but ``Stopped`` comes out."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.engines.sealed.examiner.errors import Stopped, StudentError
from autograder.engines.sealed.examiner.link import Link
from autograder.engines.sealed.examiner.proxy import Proxy
from autograder.engines.sealed.examiner.remote import Remote
from autograder.engines.sealed.protocol.decode import Decoder
from autograder.engines.sealed.protocol.frames import HEAD, Caps, frame, parse_head
from autograder.isolation import ProcessLimits
from autograder.model import Outcome


class Peer:
    """A zygote and its sandbox in this process; the sandbox answers with what ``replies`` holds."""

    def __init__(self, idle_seconds: float = 10.0, start_after: float = 0.0, answer_after: float = 0.0) -> None:
        self.start_after, self.answer_after = start_after, answer_after
        self.control, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.link = Link(self.control, ProcessLimits(), Caps(), idle_seconds)
        _, fds, _, _ = socket.recv_fds(ours, 4096, 2)
        ours.close()
        self.channel, self.watch = (socket.socket(fileno=fd) for fd in fds)
        self.replies: list[bytes] = []
        self.killed = threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._sandbox, self._zygote)]
        for thread in self.threads:
            thread.start()

    def _sandbox(self) -> None:
        try:
            while head := self.channel.recv(HEAD, socket.MSG_WAITALL):
                self.channel.recv(sum(parse_head(head, Caps())), socket.MSG_WAITALL)
                if not self.replies:
                    self.channel.shutdown(socket.SHUT_RDWR)
                    return
                time.sleep(self.answer_after)
                self.channel.sendall(self.replies.pop(0))
        except OSError:
            return

    def _zygote(self) -> None:
        with contextlib.suppress(OSError):
            time.sleep(self.start_after)
            self.watch.send(json.dumps({"started": 1 << 22}).encode())
            while message := self.watch.recv(4096):
                if "kill" in json.loads(message):
                    self.killed.set()
                    end = {
                        "stop": "killed",
                        "exit_code": -9,
                        "cpu_seconds": 0.0,
                        "detail": "",
                        "peak_memory_bytes": 0,
                    }
                    self.watch.send(json.dumps({"ended": end, "output": ""}).encode())
                    self.channel.shutdown(socket.SHUT_RDWR)
                    return

    def close(self) -> None:
        self.link.close()
        for thread in self.threads:
            thread.join(5)
        for end in (self.channel, self.watch, self.control):
            end.close()


@contextmanager
def peer(*replies: bytes, **times: float) -> Iterator[tuple[Peer, Remote]]:
    made = Peer(**times)
    made.replies.extend(replies)
    try:
        yield made, Remote(made.link)
    finally:
        made.close()


def message(node: Any, raw: bytes = bytes(64)) -> bytes:
    return b"".join(frame(node, [raw]))


def ok(
    value: Any, record: Any = None, outputs: Any = (), leaves: Any = (), changes: Any = (), leaf_changes: Any = ()
) -> bytes:
    return message(["ok", record, list(outputs), list(leaves), value, list(changes), list(leaf_changes)])


ONE = ["T", "float32", "cpu", False, 0, 1]
LEAF = [7, True, "float32", "cpu", 1]

LIES = {
    "no list": message(5),
    "an empty list": message([]),
    "another status": message(["fine", None, [], [], 1, [], []]),
    "too short": message(["ok", None, []]),
    "an unknown value": ok(["pickle", "cos\nsystem"]),
    "an output that is not there": ok(["o", 0]),
    "an output with a text for a number": ok(["o", "0"]),
    "an argument that is not there": ok(["a", 5]),
    "an argument before the first": ok(["a", -1]),
    "a leaf that is not there": ok(["p", 99]),
    "a leaf number that is a list": ok(["p", [1]]),
    "a handle that is a text": ok(["h", "1", "f", "builtins.function"]),
    "a handle with a huge name": ok(["h", 1, "f" * 5000, "x"]),
    "a tensor that wants a gradient without a graph": ok(["T", "float32", "cpu", True, 0, 1]),
    "an output of whole numbers": ok(["o", 0], 1, [["T", "int64", "cpu", False, 0, 1]]),
    "a record that is a text": ok(["o", 0], "1", [ONE]),
    "a record that is NaN": ok(["o", 0], float("nan"), [ONE]),
    "a leaf of whole numbers": ok(["o", 0], 1, [ONE], [[7, True, "int64", "cpu", 1]]),
    "a leaf with a negative size": ok(["o", 0], 1, [ONE], [[7, True, "float32", "cpu", -1]]),
    "a leaf too large to exist": ok(["o", 0], 1, [ONE], [[7, True, "float32", "cpu", 1 << 50, 1 << 50]]),
    "a leaf with 1000 dimensions": ok(["o", 0], 1, [ONE], [[7, True, "float32", "cpu", *[1] * 1000]]),
    "a full leaf of whole numbers": ok(["P", 1, True, ["T", "int64", "cpu", False, 0, 1], None]),
    "a leaf whose gradient does not fit": ok(["P", 1, True, ONE, ["T", "float32", "cpu", False, 0, 2]]),
    "a change of no argument": ok(1, changes=[[3, ONE, False, "="]]),
    "a change that is a number": ok(1, changes=[5]),
    "changes that are a number": message(["ok", None, [], [], 1, 5, []]),
    "a change of another dtype": ok(1, changes=[[0, ["T", "float64", "cpu", False, 0, 1], False, "="]]),
    "a gradient of another shape": ok(1, changes=[[0, None, True, ["T", "float32", "cpu", False, 0, 3]]]),
    "a change of an unknown leaf": ok(1, leaf_changes=[[5, ONE, "="]]),
    "an error without names": message(["err", None, "x", []]),
    "an error at a place that is none": message(["err", ["ValueError"], "x", [["a", 1]]]),
    "an error with a million names": message(["err", "ValueError", 3, []]),
    "a callback that nobody gave": message(["callback", 77, ["t"], ["d"]]),
    "a callback with a text for arguments": message(["callback", 1, "x", "y"]),
    "a message that claims 200 MB and sends nothing": message(["ok"])[:4]
    + (100).to_bytes(4, "little")
    + (200 << 20).to_bytes(8, "little"),
    "a message beyond the caps": b"AGW1" + b"\xff" * 12,
    "no message": b"HTTP/1.1 200 OK\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_each_lie_ends_the_sandbox(lie: bytes) -> None:
    with peer(lie) as (sandbox, remote):
        if len(lie) < HEAD or lie[8:16] == (200 << 20).to_bytes(8, "little"):
            threading.Timer(0.2, sandbox.channel.shutdown, [socket.SHUT_RDWR]).start()
        with pytest.raises(Stopped) as stop:
            remote.request("call", 1, (torch.ones(1),), {})
        assert stop.value.outcome is Outcome.CRASHED
        assert sandbox.killed.wait(5)
        with pytest.raises(Stopped):
            remote.request("call", 1, (), {})


GRADIENTS = {
    "a number": ok(5),
    "too few": ok(["l"]),
    "too many": ok(["l", ONE, ONE]),
    "another shape": ok(["l", ["T", "float32", "cpu", False, 0, 2]]),
    "another dtype": ok(["l", ["T", "float64", "cpu", False, 0, 1]]),
    "a proxy": ok(["l", ["h", 1, "f", "x"]]),
}


@pytest.mark.parametrize("lie", GRADIENTS.values(), ids=GRADIENTS)
def test_a_false_gradient_ends_the_sandbox(lie: bytes) -> None:
    with peer(ok(["o", 0], 1, [ONE]), lie) as (sandbox, remote):
        x = torch.ones(1, requires_grad=True)
        y = remote.request("call", 1, (x,), {})
        with pytest.raises(Stopped):
            torch.autograd.grad(y.sum(), x)
        assert sandbox.killed.wait(5)


def test_an_unsolicited_reply_is_not_more_than_an_early_one() -> None:
    with peer(ok(1) + ok(2)) as (_, remote):
        assert remote.request("call", 1, (), {}) == 1
        assert remote.request("call", 1, (), {}) == 2


def test_one_that_does_nothing_is_ended_and_one_that_has_not_started_is_not() -> None:
    with peer(ok(1), idle_seconds=0.3, answer_after=2.0) as (sandbox, remote):
        with pytest.raises(Stopped) as stop:
            remote.request("call", 1, (), {})
        assert stop.value.outcome is Outcome.TIME_LIMIT
        assert sandbox.killed.wait(5)
    with peer(ok(1), idle_seconds=0.3, answer_after=1.0, start_after=1.0) as (_, remote):
        assert remote.request("call", 1, (), {}) == 1


def test_claims_about_the_class_of_an_object_import_nothing_and_give_no_tensor() -> None:
    module = f"{torch.nn.Module.__module__}.Module"
    claims = ["os.path", module, "torch.Tensor", "torch.__builtins__", "torch.hub", "x" * 200, "torch..", ""]
    claims += ["torch.builtins.int", "torch.typing.Any", "torch.nn.Module", "torch.Size", "torch.device", "torch.dtype"]
    found = []
    for claim in claims:
        with peer(ok(["h", 1, "f", claim])) as (_, remote):
            found.append(remote.request("call", 1, (), {}).__class__)
    assert found == [object, torch.nn.Module, *[object] * 12]


def test_a_proxy_decides_for_itself() -> None:
    with peer(ok(["h", 1, "f", "builtins.int"])) as (_, remote):
        value = remote.request("call", 1, (), {})
        assert type(value) is Proxy
        assert not isinstance(value, int | float | str | list | tuple | dict | torch.Tensor)
        assert value != 5
        assert (value == 5) is False
        assert value not in [1, 2]
        for use in (bool, int, float, iter, memoryview, bytes, torch.as_tensor):
            with pytest.raises((TypeError, ValueError, RuntimeError, Stopped)):
                use(value)


FOLLOWED = (
    *("__array_interface__", "__array_struct__", "__array__", "__cuda_array_interface__", "__torch_function__"),
    *("__index__", "__dlpack__", "__wrapped__", "__signature__", "__code__", "__fspath__"),
)


@pytest.mark.parametrize("name", FOLLOWED)
def test_names_that_libraries_follow_into_memory_are_not_asked_for(name: str) -> None:
    with peer(ok(["h", 1, "f", "x"]), ok(1)) as (sandbox, remote):
        value = remote.request("call", 1, (), {})
        assert not hasattr(value, name)
        assert len(sandbox.replies) == 1
        for follow in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError):
                follow(value)


def test_errors_carry_known_classes_and_printable_text_only() -> None:
    with peer(message(["err", ["CheckFailed", "Stopped", "KeyError"], "\x1b[31mred\x00", [[1, 2]]])) as (_, remote):
        with pytest.raises(KeyError) as raised:
            remote.request("call", 1, (), {})
        assert isinstance(raised.value, StudentError)
        assert type(raised.value).__name__ == "KeyError"
        assert str(raised.value) == "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"
        assert raised.value.places == ((1, 2),)


words = st.sampled_from(["=", "ok", "err", "float32", "cpu", "x", *"TaohpPl"])
nodes = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | words,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(st.sampled_from([*sorted(Decoder.KINDS), *"aohpP"]), inner, inner).map(list)
        | st.just(ONE)
        | st.just(LEAF)
    ),
    max_leaves=12,
)
several = st.lists(nodes, max_size=3)
replies = (
    st.tuples(st.just("ok"), st.none() | st.integers(0, 3), several, several, nodes, several, several).map(list) | nodes
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(replies, min_size=1, max_size=3))
def test_random_replies_give_values_or_end_the_sandbox(answers: list[Any]) -> None:
    with peer(*(message(answer) for answer in answers)) as (_, remote):
        x = torch.ones(1, requires_grad=True)
        items = [1]
        for _ in answers:
            try:
                result = remote.request("call", 1, (x, items), {})
            except (Stopped, StudentError, TypeError):
                continue
            assert result is None or type(result).__module__.split(".")[0] in (
                "builtins",
                "torch",
                "numpy",
                "collections",
                "autograder",
            )
