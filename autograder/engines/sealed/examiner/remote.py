"""Requests to one sandbox, with their values, gradients and errors.

Runs in the examiner.
"""

from __future__ import annotations

import builtins
import importlib
import io
import itertools
import pickle
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes, _get_current_dispatch_mode

from autograder.engines.sealed.examiner.errors import CannotBeChecked, StudentError, student_error
from autograder.engines.sealed.examiner.graph import join, new_anchor
from autograder.engines.sealed.examiner.link import Link
from autograder.engines.sealed.examiner.mirror import Mirror
from autograder.engines.sealed.examiner.proxy import Proxy
from autograder.engines.sealed.examiner.values import Reply, Request
from autograder.engines.sealed.protocol.decode import integer
from autograder.engines.sealed.protocol.encode import REASONS, Node, Refused
from autograder.engines.sealed.protocol.frames import ProtocolViolation

__all__ = ["Remote"]


class Remote:
    """One sandbox as the examiner sees it. ``devices`` are the device types that its tensors may be on."""

    def __init__(self, link: Link, devices: tuple[str, ...] = ("cpu",)) -> None:
        self.link = link
        self.devices = devices
        self.mirror = Mirror()
        self.anchor = new_anchor()
        self.forgotten: list[int] = []
        self.depth = 0
        self._proxies: weakref.WeakValueDictionary[int, Proxy] = weakref.WeakValueDictionary()
        self._released: list[int] = []
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._numbers = itertools.count(1)

    def request(self, op: str, *values: Any) -> Any:
        """Ask the sandbox to do ``op`` and return the result.

        Raises:
            StudentError: the student's code raised.
            Stopped: the sandbox is gone.
            TypeError: a value cannot be sent.
        """
        return self._request(op, values, None)

    def run(self, number: int, source: str) -> tuple[list[str], StudentError | None]:
        """Run a student's cell; return the names that the cells have defined, and what this one raised."""
        try:
            answer = self._request("run", (number, source), None)
        except StudentError as error:  # the shell gave up on it: a cell too deeply nested to compile
            return [], error
        except (TypeError, CannotBeChecked):
            raise self.link.violated(ProtocolViolation("a cell without an end")) from None
        match answer:
            case [[*names], None] if all(type(name) is str for name in names):
                return names, None
            case [[*names], ["err", _, _, _] as error] if all(type(name) is str for name in names):
                return names, self._raised(error)
        raise self.link.violated(ProtocolViolation("a cell without an end"))

    def call(self, target: Proxy, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call ``target``; under a recorder of ``convlab.rules`` its torch operations are recorded there."""
        mode = _get_current_dispatch_mode()
        if mode is None or not hasattr(mode, "ops"):
            return self._request("call", (target, args, kwargs), None)
        with _disable_current_modes():
            result, ops = self._request("recorded", (target, args, kwargs), None)
        mode.ops.update(dict.fromkeys(op for op in ops if type(op) is str))
        return result

    def many(self, target: Proxy, cases: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> Iterator[Any]:
        """Call ``target`` on each (args, kwargs) in one request; yield each result, or the StudentError it raised.

        The cases hold plain values only: they travel in one pickle, which the sandbox may trust.
        """
        results = self._request("many", (target, pickle.dumps(cases, protocol=5)), None)
        for result in results if type(results) is list and len(results) == len(cases) else [None]:
            match result:
                case (value, None):
                    yield value
                case (None, ["err", _, _, _] as error):
                    yield self._raised(error)
                case _:
                    raise self.link.violated(ProtocolViolation("results that do not fit"))

    def _raised(self, node: Node) -> StudentError:
        try:
            return _error(node)
        except ProtocolViolation as violation:
            raise self.link.violated(violation) from None

    def vjp(
        self,
        record: int,
        inputs: list[torch.Tensor],
        grads: list[torch.Tensor | None],
        mirrored: list[torch.Tensor],
        *,
        accumulate: bool = False,
        create_graph: bool = False,
    ) -> list[torch.Tensor | None]:
        """Return the gradients of a call for its ``inputs`` and ``mirrored``, given those for its outputs."""
        numbers = [self.mirror.number(leaf) for leaf in mirrored]
        mode = "accumulate" if accumulate else "product"
        values = (record, grads, mode, numbers, create_graph)
        result = self._request("vjp", values, inputs if create_graph else None)
        wanted = [*inputs, *mirrored]
        if type(result) is not list or len(result) != len(wanted) or not all(map(_fits, result, wanted)):
            raise self.link.violated(ProtocolViolation("gradients that do not fit"))
        return result

    def place(self, *objects: Any) -> Any:
        """Move objects that a test made into the sandbox, together, and return proxies of them."""
        file = io.BytesIO()
        try:
            _Pickler(file, protocol=5).dump(objects)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise TypeError(f"this cannot be placed: {error}") from None
        placed = self._request("place", (file.getvalue(),), None)
        return placed[0] if len(objects) == 1 else placed

    def proxy(self, handle: int, name: str, claimed: str) -> Proxy:
        """Return the one proxy of ``handle``."""
        found = self._proxies.get(handle)
        if found is None:
            found = self._proxies[handle] = Proxy(self, handle, name, claimed)
            if handle in self._released:
                self._released.remove(handle)
        return found

    def forget(self, handle: int) -> None:
        """Let the sandbox release ``handle``, with the next request."""
        self._released.append(handle)

    def callback(self, function: Callable[..., Any]) -> int:
        """Return a number by which student code may call ``function``, which stays here."""
        for number, known in self._callbacks.items():
            if known is function:
                return number
        number = next(self._numbers)
        self._callbacks[number] = function
        return number

    def _request(self, op: str, values: tuple[Any, ...], more_inputs: list[torch.Tensor] | None) -> Any:
        held = (self.mirror.hold(), list(self._proxies.values()))  # what is numbered must live until the answer is read
        request = Request(self.link.caps, self)
        try:
            changes = self.mirror.changes(request)
            arguments = [request.encode(value) for value in values]
        except Refused as reason:
            raise TypeError(str(reason)) from None
        released = [*self._released, *self.mirror.released]
        forgotten, self.forgotten = self.forgotten, []
        self._released, self.mirror.released = [], []
        node: Node = [op, released, forgotten, changes, torch.is_grad_enabled(), *arguments]
        node, raw = self.link.exchange(node, request.raw)
        try:
            while type(node) is list and node and node[0] == "callback":
                node, raw = self.link.exchange(*self._call_back(node, raw))
            result = self._read(node, raw, request, more_inputs)
        except ProtocolViolation as violation:
            raise self.link.violated(violation) from None
        except (TypeError, ValueError, IndexError, KeyError, RuntimeError, OverflowError, MemoryError) as error:
            if isinstance(error, StudentError):
                raise
            raise self.link.violated(ProtocolViolation(f"a malformed reply ({type(error).__name__})")) from None
        del held
        return result

    def _read(self, node: Node, raw: memoryview, request: Request, more_inputs: list[torch.Tensor] | None) -> Any:
        if type(node) is not list or not node:
            raise ProtocolViolation("not a reply")
        reply = Reply(raw, self.link.caps, self, request.arguments)
        if node[0] == "err":
            raise _error(node)
        if node[0] == "refused":
            raise CannotBeChecked(REASONS.get(str(node[1]), REASONS["kind"]))
        status, record, outputs, leaves, value, changes, leaf_changes = node
        if status != "ok":
            raise ProtocolViolation("not a reply")
        if record is not None:
            tensors = [reply.content(output).detach() for output in outputs]
            if not all(tensor.is_floating_point() or tensor.is_complex() for tensor in tensors):
                raise ProtocolViolation("a result that cannot have a gradient")
            mirrored = [self.mirror.placeholder(leaf, self.devices) for leaf in leaves]
            inputs = [*request.inputs, *(more_inputs or ())]
            reply.outputs = join(self, integer(record), tensors, inputs, mirrored)
        result = reply.decode(value)
        with torch.no_grad():
            reply.apply(changes)
            self.mirror.apply(leaf_changes, reply)
        return result

    def _call_back(self, node: Node, raw: memoryview) -> tuple[Node, list[Any]]:
        """Call a test's function for the student's code and return the message that answers."""
        _, number, args_node, kwargs_node = node
        function = self._callbacks.get(integer(number))
        reply = Reply(raw, self.link.caps, self, [])
        args, kwargs = reply.decode(args_node), reply.decode(kwargs_node)
        if function is None or type(args) is not tuple or type(kwargs) is not dict or self.depth > 20:
            raise ProtocolViolation("a call of nothing")
        request = Request(self.link.caps, self)
        self.depth += 1
        try:
            with torch.no_grad():
                return ["answer", None, request.encode(function(*args, **kwargs))], request.raw
        except (Refused, Exception) as error:
            known = next(kind.__name__ for kind in type(error).__mro__ if hasattr(builtins, kind.__name__))
            return ["answer", known, ""], []
        finally:
            self.depth -= 1


def _fits(grad: Any, wanted: torch.Tensor) -> bool:
    return grad is None or (
        isinstance(grad, torch.Tensor) and grad.shape == wanted.shape and grad.dtype == wanted.dtype
    )


def _error(node: Node) -> StudentError:
    _, names, text, places = node
    if type(names) is not list or type(text) is not str or type(places) is not list or len(places) > 100:
        raise ProtocolViolation("an error that is none")
    if not all(type(name) is str for name in names):
        raise ProtocolViolation("an error that is none")
    return student_error(names, text, [(integer(cell), integer(line)) for cell, line in places])


class _Torch:
    """Unpickled, this is the module torch."""

    def __reduce__(self) -> Any:
        return importlib.import_module, ("torch",)


class _Pickler(pickle.Pickler):
    """Pickle what a test made; its own classes and functions are test code, which never leaves."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is Proxy:
            raise pickle.PicklingError("it holds an object of the student's")
        if isinstance(value, type | type(_fits)):
            home = sys.modules.get(value.__module__)
            if home is None or home.__name__ in ("__main__", "__test__"):
                raise pickle.PicklingError(f"{value.__name__} is defined in a test, and test code stays here")
            # torch._dynamo, which torchvision imports, puts another function in the place of torch.manual_seed.
            name = str(value.__name__)
            if getattr(home, name, None) is not value is getattr(torch, name, None):
                return getattr, (_Torch(), name)
        return NotImplemented
