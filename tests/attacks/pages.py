"""Attacks on the student's page: markup and escapes in it, and hidden inputs carried to it.

Student code meets the hidden inputs, since it is called with them. What it must not find is a way to its author.
"""

from __future__ import annotations

from autograder.model import Outcome
from tests.attacks.attack import REST, Attack

__all__ = ["PAGES"]

CLEANED = "pages are cleaned, then escaped; a content policy forbids scripts"
HIDDEN = "a hidden check's message holds no text of the student's code"
WRONG = frozenset({Outcome.ERROR, Outcome.FAILED})
KEEP = 'kept = []\ndef mirror(word):\n    kept.append(word)\n    return word[::-1]\nprint("ATTACK RAN")\n'
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
ESCAPES = "\\x1b[31mred\\x1b]0;owned\\x07\\x9b2J\\u202ereversed\\u2066\\x00\\x08"


def raising(body: str, before: str = "") -> str:
    return f'import torch\n{before}print("ATTACK RAN")\ndef halve(x):\n    {body}\n'


def mirror(body: str, before: str = "") -> str:
    return f'import collections, torch\n{before}print("ATTACK RAN")\ndef mirror(word):\n    {body}\n'


def tells(name: str, tries: str, cell: str, stopped_by: str = HIDDEN, points: float = REST) -> Attack:
    return Attack(name, tries, stopped_by, cell, task="mirror", points=points, outcomes=WRONG)


PAGES = (
    Attack(
        "markup-in-an-error",
        "raises an error whose text is a script",
        CLEANED,
        raising(f"raise ValueError({MARKUP!r})"),
        outcomes=WRONG,
    ),
    Attack(
        "escapes-in-an-error",
        "raises an error whose text holds terminal escapes and changes of direction",
        CLEANED,
        raising(f"raise ValueError('{ESCAPES}')"),
        outcomes=WRONG,
    ),
    Attack(
        "markup-in-code",
        "writes the script into the line that fails, which the page quotes",
        CLEANED,
        raising(f"raise ValueError  # {MARKUP}"),
        outcomes=WRONG,
    ),
    Attack(
        "markup-in-output",
        "prints scripts and escapes",
        CLEANED,
        raising("return x", f"print({MARKUP!r}, '{ESCAPES}')\n"),
        outcomes=WRONG,
    ),
    Attack(
        "markup-in-a-name",
        "raises a class whose name is a script",
        "names that are none are not shown",
        raising(f"raise type({MARKUP!r}, (Exception,), {{}})('x')"),
        outcomes=WRONG,
    ),
    Attack(
        "flood-in-an-error",
        "raises an error of a million characters",
        "texts are cut, and pages have a size",
        raising("raise ValueError('x<' * 500_000)"),
        outcomes=WRONG,
    ),
    tells("tells-by-error", "raises an error whose text is the hidden input", mirror("raise ValueError(word)")),
    tells(
        "tells-by-class-name",
        "raises a class whose name is the hidden input",
        mirror("raise type(word, (Exception,), {})(word)"),
    ),
    tells("tells-by-value", "returns the hidden input as a wrong answer", mirror("return word * 2")),
    tells(
        "tells-by-type-name",
        "returns a named tuple whose class has the hidden input's name",
        mirror("return collections.namedtuple(word, [word])(1)"),
    ),
    tells(
        "tells-by-shape",
        "returns a tensor whose shape is the hidden input",
        mirror("return torch.zeros(0, *map(ord, word))"),
    ),
    Attack(
        "tells-in-the-next-task",
        "keeps the hidden input, and raises it in the next task's public check",
        "a public text is shown as a sandbox gives it that has seen no hidden check",
        task="total",
        cell="def total(values):\n    raise ValueError(' '.join(kept))\n",
        change=lambda n: set_cell(n, "mirror", KEEP),
        outcomes=WRONG,
    ),
    Attack(
        "tells-by-the-next-value",
        "keeps the hidden input, and returns it as a number in the next task's public check",
        "a public text is shown as a sandbox gives it that has seen no hidden check",
        task="total",
        cell="def total(values):\n    return int.from_bytes(kept[-1].encode(), 'big')\n",
        change=lambda n: set_cell(n, "mirror", KEEP),
        outcomes=WRONG,
    ),
    Attack(
        "tells-in-the-next-cell",
        "keeps the hidden input, and raises it in the next task's answer cell",
        "an answer cell's text is shown as a sandbox gives it that has seen no hidden check",
        task="total",
        cell="raise ValueError(' '.join(kept))\n",
        change=lambda n: set_cell(n, "mirror", KEEP),
        outcomes=WRONG,
    ),
)


def set_cell(notebook: dict[str, object], name: str, source: str) -> dict[str, object]:
    for cell in notebook["cells"]:  # type: ignore[attr-defined]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            cell["source"] = source
    return notebook
