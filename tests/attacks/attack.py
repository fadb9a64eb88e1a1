"""What an attack is: the code or the file that a student hands in, what it tries, and what it may get.

Attacks are data. Words like ``@HOME@`` in their code stand for what the attacker is assumed to know: see ``World``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = [
    "ATTEMPT",
    "CHANNEL",
    "FULL",
    "HONEST",
    "RAN",
    "REFUSED",
    "REST",
    "Attack",
    "Notebook",
    "World",
    "attempts",
    "sent",
]

Notebook = dict[str, Any]

FULL = 15.0
REST = 10.0  # the two tasks that an attack in the third leaves alone
RAN = "ATTACK RAN"

# Errors with which the sandbox refuses. A typo of ours would be none of them.
REFUSED = (
    "PermissionError",
    "FileNotFoundError",
    "NotADirectoryError",
    "ProcessLookupError",
    "OSError",
    "gaierror",
    "OperationalError",
)

ATTEMPT = f"""
def found(things):
    if not things:
        raise FileNotFoundError("nothing")
    return things
def attempt(what, action):
    try:
        got = action()
    except BaseException as error:
        print("{RAN}:", what, "->", type(error).__name__)
    else:
        print("{RAN}:", what, "-> GOT", repr(got)[:2000])
"""

# How student code finds the socket to the examiner and speaks on it.
CHANNEL = """
import json, os, stat, struct
def channel():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            pass
fd = channel()
def send(node, raw=b""):
    text = node if isinstance(node, bytes) else json.dumps(node).encode()
    data = struct.pack("<4sIQ", b"AGW1", len(text), len(raw)) + text + raw
    while data:
        data = data[os.write(fd, data):]
"""


@dataclass(frozen=True)
class World:
    """What there is to attack outside, as text for ``@NAME@`` in an attack's code, and the folder of the class."""

    words: dict[str, str]
    folder: Path

    def fill(self, code: str) -> str:
        for name, value in self.words.items():
            code = code.replace(f"@{name}@", value)
        return code


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    ``cell`` is the answer to ``task``; the other tasks get the reference's answer. ``cells`` are further cells at the
    end. ``change`` alters the whole notebook. ``write`` puts the file there itself: (path of the notebook, honest
    notebook, world). ``points`` is exactly what it must get. ``says`` must be in what it prints, as proof that it ran;
    ``never`` must not. ``outcomes``, where given, are how the task's hidden check may end.
    """

    name: str
    tries: str
    stopped_by: str
    cell: str = ""
    task: str = "halve"
    cells: tuple[str, ...] = ()
    change: Callable[[Notebook], Notebook] | None = None
    write: Callable[[Path, Notebook, World], None] | None = None
    points: float = REST
    says: tuple[str, ...] = (RAN,)
    never: tuple[str, ...] = ("-> GOT",)
    outcomes: frozenset[str] = field(default=frozenset())


HONEST = {
    "halve": "def halve(x):\n    return x / 2\n",
    "mirror": "def mirror(word):\n    return word[::-1]\n",
    "total": "def total(values):\n    return sum(values)\n",
}


def attempts(imports: str, **actions: str) -> str:
    """Return a cell that tries each of ``actions`` (expressions) and says what came of it, and answers honestly."""
    tries = "".join(f"attempt({name!r}, lambda: {action})\n" for name, action in actions.items())
    return f"import {imports}\n{ATTEMPT}{tries}{HONEST['halve']}"


def sent(node: str, raw: str = 'b""') -> str:
    """Return a cell whose function sends a message of its own in place of the answer."""
    return f'{CHANNEL}print("{RAN}")\ndef halve(x):\n    send({node}, {raw})\n    return x / 2\n'
