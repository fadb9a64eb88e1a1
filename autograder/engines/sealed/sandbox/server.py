"""The request loop of one sandbox.

Runs in the sandbox, beside the student's code. It trusts the examiner, which sends well-formed requests and no test
code. A request is ``[op, released, forgotten records, leaf changes, grad mode, *arguments]``; ``_OPS`` lists them, and
docs/engine/wire-format.md says what each does.
"""

from __future__ import annotations

import builtins
import contextlib
import pickle
import socket
import sys
from collections.abc import Callable
from typing import Any

import torch

from autograder.engines.sealed.protocol.encode import Node, Refused
from autograder.engines.sealed.protocol.frames import HEAD, Caps, Inbox, fits, frame, parse_body, parse_head, send_all
from autograder.engines.sealed.sandbox.graph import Records
from autograder.engines.sealed.sandbox.objects import Objects, copy_of
from autograder.engines.sealed.sandbox.shell import Shell, place_in_cells
from autograder.engines.sealed.sandbox.values import Reply, Request
from autograder.engines.sealed.warm import seed_all
from convlab.recording import Recorder, record_threads

__all__ = ["Server"]

_MOST_TEXT = 2000
_SHOWN_NAMES = 1000


class Server:
    """Serve the requests that come through ``channel`` until it closes."""

    def __init__(self, channel: socket.socket, shell: Shell, caps: Caps) -> None:
        self.channel = channel
        self.inbox = Inbox(self._fill)
        self.shell = shell
        self.caps = caps
        self.objects = Objects()
        self.records = Records()
        record_threads()  # before student code can start one

    def serve(self) -> tuple[Node, memoryview]:
        """Answer requests; return what answers a callback of our own."""
        while True:
            head = self._receive(HEAD)
            text, raw_length = parse_head(head, self.caps)
            node, raw = parse_body(self._receive(text + raw_length), text, self.caps)
            if node[0] == "answer":
                return node, raw
            self._send(*self._handle(node, raw))

    def _receive(self, size: int) -> bytearray:
        return self.inbox.take(size)

    def _fill(self, view: memoryview) -> int:
        count = self.channel.recv_into(view)
        if not count:
            raise SystemExit(0)
        return count

    def _send(self, node: Node, raw: list[Any]) -> None:
        parts = frame(node, raw)
        if not fits(parts, Caps()):  # the examiner takes no more, and would say that we broke the rules
            parts = frame(["refused", "large"])
        send_all(self.channel, parts)

    def _handle(self, node: Node, raw: memoryview) -> tuple[Node, list[Any]]:
        op, released, forgotten, changes, grad_mode, *arguments = node
        for number in released:
            self.objects.release(number)
        for number in forgotten:
            self.records.release(number)
        request = Request(raw, self.caps, self.objects, self._callback)
        reply = Reply(self.caps, self.objects, self.records, request)
        try:
            self._apply(changes, request)
            values = [request.decode(argument) for argument in arguments]
            with torch.set_grad_enabled(grad_mode):
                answer = self._vjp(reply, *values) if op == "vjp" else reply.reply(_OPS[op](self, *values))
            return answer, reply.raw
        except Refused as reason:
            return ["refused", reason.reason], []
        except BaseException as error:
            return _describe(error), []
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):
                    stream.flush()

    def _apply(self, changes: list[Node], request: Request) -> None:
        """Take over what the examiner changed in mirrored leaves."""
        for number, data, grad in changes:
            leaf = self.objects.mirrored[number]
            if data is not None:
                leaf.data = request.content(data).clone()
                if leaf.data.shape == leaf.tensor.shape:
                    leaf.tensor.detach().copy_(leaf.data)
                else:
                    leaf.tensor.data = leaf.data.clone()
            if grad != "=":
                leaf.grad = None if grad is None else request.content(grad)
                leaf.tensor.grad = copy_of(leaf.grad)

    def _vjp(
        self, reply: Reply, number: int, grads: list[Any], mode: str, mirrored: list[int], create_graph: bool
    ) -> Node:
        if mode == "accumulate":
            return reply.reply(self.records.accumulate(number, grads))
        extra = [self.objects.mirrored[leaf].tensor for leaf in mirrored]
        with torch.set_grad_enabled(create_graph):
            result = self.records.product(number, grads, extra, create_graph)
        return reply.reply(result, self.records[number].inputs if create_graph else ())

    def _callback(self, number: int) -> Callable[..., Any]:
        """Return a function that asks the examiner to call one of the test's."""

        def call(*args: Any, **kwargs: Any) -> Any:
            request = Request(memoryview(b""), self.caps, self.objects, self._callback)
            reply = Reply(self.caps, self.objects, self.records, request)
            if torch.is_grad_enabled() and any(
                isinstance(a, torch.Tensor) and a.requires_grad for a in (*args, *kwargs.values())
            ):
                raise TypeError("This function of a test gives no gradients. Call it under torch.no_grad().")
            self._send(["callback", number, reply.encode(args), reply.encode(kwargs)], reply.raw)
            (_, error, value), raw = self.serve()
            if error is not None:
                raise getattr(builtins, error, RuntimeError)(value)
            return Request(raw, self.caps, self.objects, self._callback).decode(value)

        return call

    def run(self, number: int, source: str) -> Any:
        """Run a cell; return the names that are defined now, and a description of the error that it raised."""
        error = self.shell.run(number, source)
        return list(self.shell.defined()), None if error is None else _describe(error)

    def begin(self, seed: int, names: list[str]) -> dict[str, Any]:
        seed_all(seed)
        defined = self.shell.defined()
        return {name: defined[name] for name in names if name in defined}

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return target(*args, **kwargs)

    def recorded(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with Recorder() as recorder:
            result = target(*args, **kwargs)
        return result, list(recorder.ops)

    def repeat(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any], times: int) -> Any:
        for _ in range(times):
            result = target(*args, **kwargs)
        return result

    def many(self, target: Any, cases: bytes) -> Any:
        """Call ``target`` on each (args, kwargs) and return its result, or a description of its error."""
        results = []
        for args, kwargs in pickle.loads(cases):
            try:
                results.append((target(*args, **kwargs), None))
            except Exception as error:
                results.append((None, _describe(error)))
        return results

    def place(self, data: bytes) -> Any:
        return pickle.loads(data)


def _describe(error: BaseException) -> Node:
    """Return ``["err", class names, text, places]`` for the student's error."""
    names = [kind.__name__[:100] for kind in type(error).__mro__ if isinstance(kind.__name__, str)]
    try:
        text = str(error)[:_MOST_TEXT]
    except BaseException:
        text = ""
    return ["err", names[:20], text, [list(place) for place in place_in_cells(error)[-20:]]]


_OPS: dict[str, Callable[..., Any]] = {
    "run": Server.run,
    "begin": Server.begin,
    "call": Server.call,
    "recorded": Server.recorded,
    "many": Server.many,
    "repeat": Server.repeat,
    "place": Server.place,
    "get": lambda _, target, name: getattr(target, name),
    "set": lambda _, target, name, value: setattr(target, name, value),
    "del": lambda _, target, name: delattr(target, name),
    "item": lambda _, target, key: target[key],
    "setitem": lambda _, target, key, value: target.__setitem__(key, value),
    "delitem": lambda _, target, key: target.__delitem__(key),
    "len": lambda _, target: len(target),
    "iter": lambda _, target: iter(target),
    "next": lambda _, target: next(target),
    "enter": lambda _, target: type(target).__enter__(target),
    "exit": lambda _, target: type(target).__exit__(target, None, None, None),
    "dir": lambda _, target: dir(target)[:_SHOWN_NAMES],
}
