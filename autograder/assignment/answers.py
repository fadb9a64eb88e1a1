"""Answers whose worth is known, beside an assignment's source: ``wrong/TASK__NAME.py`` and ``right/TASK__NAME.py``."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["FEWEST_RIGHT", "FEWEST_WRONG", "Answer", "Kind", "known_answers", "split_module"]

FEWEST_WRONG, FEWEST_RIGHT = 4, 2

Kind = Literal["reference", "release", "right", "wrong"]


@dataclass(frozen=True)
class Answer:
    """A whole assignment answered: the reference, but for the cell ``task`` (or all cells of the release)."""

    kind: Kind
    name: str
    task: str = ""
    sentence: str = ""
    code: str = ""


def known_answers(folder: Path, tasks: Sequence[str]) -> tuple[list[Answer], list[str]]:
    """Read ``folder/wrong`` and ``folder/right``; return the answers, and what is wrong with those files."""
    answers: list[Answer] = []
    problems: list[str] = []
    kinds: tuple[Kind, Kind] = ("wrong", "right")
    for kind in kinds:
        for path in sorted((folder / kind).glob("*.py")):
            shown = f"{folder.name}/{kind}/{path.name}"
            task, _, name = path.stem.partition("__")
            if task not in tasks or not name:
                problems.append(f"{shown}: call it TASK__NAME.py, TASK one of {', '.join(tasks)}.")
                continue
            try:
                sentence, code = split_module(path.read_text(encoding="utf-8"))
            except SyntaxError as error:
                problems.append(f"{shown}: line {error.lineno} is not Python: {error.msg}.")
                continue
            if not re.fullmatch(r"[^\n]+(\n[^\n]+)*[.!?]", sentence) or re.search(r"[.!?]\s+[A-Z]", sentence):
                problems.append(f"{shown}: begin it with a docstring of one sentence, as a tutor would say it.")
            answers.append(Answer(kind, name, task, " ".join(sentence.split()), code))
        fewest = FEWEST_WRONG if kind == "wrong" else FEWEST_RIGHT
        for task in tasks:
            count = sum(answer.kind == kind and answer.task == task for answer in answers)
            if count < fewest:
                problems.append(f"{folder.name}: task {task} has {count} {kind} answers; write at least {fewest}.")
    return answers, problems


def split_module(text: str) -> tuple[str, str]:
    """Return the docstring of a module and the code after it."""
    tree = ast.parse(text)
    sentence = ast.get_docstring(tree) or ""
    end = (tree.body[0].end_lineno or 0) if sentence else 0
    return sentence, "\n".join(text.splitlines()[end:]).strip() + "\n"
