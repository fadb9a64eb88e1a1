"""Known answers: what is read from their files, and the sentence for everything that can be wrong with one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment.answers import Equivalent, equivalents, known_answers
from autograder.assignment.material import Material

SMALL = Path(__file__).parents[1] / "small_course" / "solutions" / "01-small"
REFERENCE = {
    "half": "def half(x):\n    ### BEGIN SOLUTION\n    y = x / 2\n    return y\n    ### END SOLUTION\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "01-half" / "wrong").mkdir(parents=True)
    return tmp_path / "01-half"


def read(folder: Path, text: str, name: str = "half.py") -> tuple[list[str], list[str]]:
    """Return the code of each wrong answer in a file of this ``text``, and the problems but for too few answers."""
    (folder / "wrong" / name).write_text(text, encoding="utf-8")
    answers, problems = known_answers(folder, REFERENCE)
    return [answer.code for answer in answers], [one for one in problems if "write at least" not in one]


def test_old_text_is_replaced_in_the_reference_without_markers(folder: Path) -> None:
    text = '"""Words."""\n\nmistake("third", "You took " "a third.", old="x / 2", new="x / 3")\n'
    assert read(folder, text) == (["def half(x):\n    y = x / 3\n    return y\n"], [])
    (answer,) = known_answers(folder, REFERENCE)[0]
    assert (answer.kind, answer.task, answer.name, answer.sentence) == ("wrong", "half", "third", "You took a third.")


def test_several_places_and_several_lines(folder: Path) -> None:
    text = 'mistake("two", "S.", old=["x / 2", "    return y"], new=["x", """\n    print(y)\n    return y\n"""])\n'
    assert read(folder, text) == (["def half(x):\n    y = x\n    print(y)\n    return y\n"], [])


def test_whole_answer(folder: Path) -> None:
    text = "mistake('whole', 'S.', answer='''\nimport math\n\n\ndef half(x):\n    return 1\n''')\n"
    assert read(folder, text) == (["import math\n\n\ndef half(x):\n    return 1\n"], [])


PAGE = """# Halves

```{code-cell} ipython3
import torch

@torch.no_grad()
def first(x):
    return x / 3

class Kept:
    size = 2
```

```{code-cell} ipython3
:tags: [hide-input]
def folded(x):
    return x
```
"""


def with_a_chapter(tmp_path: Path, page: str = PAGE) -> Path:
    folder = tmp_path / "solutions" / "01-half"
    (folder / "wrong").mkdir(parents=True)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "01-halves.md").write_text(page, encoding="utf-8")
    return folder


def test_an_answer_takes_definitions_from_the_chapters_visible_cells(tmp_path: Path) -> None:
    folder = with_a_chapter(tmp_path)
    text = "mistake('pasted', 'S.', chapter='Kept first', answer='def half(x):\\n    return first(x)')\n"
    assert read(folder, text) == (
        [
            "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n\n\n"
            "class Kept:\n    size = 2\n\n\n@torch.no_grad()\ndef first(x):\n    return x / 3\n\n\n"
            "def half(x):\n    return first(x)\n"
        ],
        [],
    )


@pytest.mark.parametrize(
    ("page", "name", "said"),
    [
        (PAGE, "second", "a: no visible cell of book/01-*.md defines 'second'; copy the name from the page"),
        (PAGE, "folded", "a: no visible cell of book/01-*.md defines 'folded'; copy the name from the page"),
        ("```{code-cell}\ndef (\n```\n", "first", "a: a visible cell of book/01-*.md is not Python"),
    ],
)
def test_what_the_chapter_lacks_is_named(tmp_path: Path, page: str, name: str, said: str) -> None:
    codes, (problem,) = read(with_a_chapter(tmp_path, page), f"mistake('a', 'S.', chapter={name!r}, answer='y = 1')\n")
    assert codes == []
    assert said in problem


PROBLEMS = {
    'mistake("a", "S.", old="x / 3", new="x")': "01-half/wrong/half.py, a: its old text 'x / 3' stands nowhere in the "
    "reference; copy it from the answer cell, with enough around it that it stands there once.",
    'mistake("a", "S.", old="y = x / 3", new="x")': "stands nowhere in the reference (near it: 'y = x / 2');",
    'mistake("a", "S.", old="x", new="z")': "its old text 'x' stands 2 times in the reference",
    'mistake("a", "S.", old="", new="z")': "stands nowhere in the reference",
    'mistake("a", "S.", old="x / 2", new="x /")': "a: its code is not Python",
    'mistake("a", "S.", old="x / 2", new="x  / 2")': "a: it is the reference; change something",
    'mistake("a", "S.", old=["x / 2"], new=["x", "y"])': "old and new are two texts, or two lists of equally many",
    'mistake("a", "S.", old="x / 2")': 'a: write mistake("name", "A sentence.", old="…", new="…") or mistake(',
    'mistake("a", "S.", old="x / 2", new="x", answer="y")': "a: write mistake(",
    'mistake("a", "no end", old="x / 2", new="x")': "a: say it in one sentence, as a tutor would: 'no end'",
    'mistake("a", "One. Two.", old="x / 2", new="x")': "a: say it in one sentence, as a tutor would: 'One. Two.'",
    'mistake("a b", "S.", old="x / 2", new="x")': "the name 'a b' is not one word",
    'mistake("a")': "line 1: a name and a sentence are missing",
    'mistake(name, "S.", old="x / 2", new="x")': "line 1: a name and a sentence are missing",
    "import math": "line 1: only calls stand here; write mistake(",
    'right("a", "S.", old="x / 2", new="x")': "line 1: only calls stand here; write mistake(",
    "mistake(": "01-half/wrong/half.py, line 1 is not Python",
    'mistake("a", "S.", old="x / 2", new="x")\nmistake("a", "S.", old="x / 2", new="1")': "a: the name stands twice",
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_problem_names_file_answer_and_what_to_write(folder: Path, text: str) -> None:
    (problem,) = read(folder, text)[1]
    assert PROBLEMS[text] in problem
    assert problem.startswith("01-half/wrong/half.py, ")
    assert "\n" not in problem


def test_one_wrong_entry_leaves_the_others(folder: Path) -> None:
    codes, problems = read(folder, 'mistake("a", "S.", old="q", new="")\nmistake("b", "S.", old="x / 2", new="x")\n')
    assert (len(codes), len(problems)) == (1, 1)


def test_file_of_no_task_and_file_of_the_former_form(folder: Path) -> None:
    (problem,) = read(folder, "", "third.py")[1]
    assert problem == "01-half/wrong/third.py: call it TASK.py, TASK one of half."
    (folder / "wrong" / "third.py").unlink()
    (problem,) = read(folder, '"""S."""\n', "half__third.py")[1]
    assert problem == (
        "01-half/wrong/half__third.py: this is the former form; write it into wrong/half.py "
        'as mistake("third", "…", answer=…).'
    )


def test_too_few_answers_are_a_problem(folder: Path) -> None:
    _, problems = known_answers(folder, REFERENCE)
    assert problems == [
        "01-half: task half has 0 wrong answers; write at least 4.",
        "01-half: task half has 0 right answers; write at least 2.",
    ]


def test_small_course_has_its_answers(tmp_path: Path) -> None:
    answers, problems = Material.read(SMALL / "01-small.py").known_answers()
    assert problems == []
    assert [answer.kind for answer in answers].count("wrong") == 8
    assert {answer.name for answer in answers if answer.kind == "right"} == {"decimal", "divmod", "loop", "sorted"}


def test_nothing_in_the_files_is_run(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SMALL, tmp_path / "01-small"))
    with (copy / "wrong" / "spread.py").open("a") as file:
        file.write(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    _, problems = Material.read(copy / "01-small.py").known_answers()
    assert len(problems) == 1
    assert not (tmp_path / "ran").exists()


def test_marks_of_equivalent_mutants_are_read_and_are_no_answers(folder: Path) -> None:
    text = 'equivalent("y = x / 2 -> y = x * 0.5", "Halves are\\n exact.")\nequivalent("number", "S.")\n'
    assert read(folder, text) == ([], [])
    assert equivalents(folder, REFERENCE) == [
        Equivalent("half", "y = x / 2 -> y = x * 0.5", "Halves are exact."),
        Equivalent("half", "number", "S."),
    ]


MARK = 'write equivalent("old text -> new text", "The reason why it is the same.").'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('equivalent("number")', f"equivalent('number'): the reason is missing; {MARK}"),
        ('equivalent("number", " ")', f"equivalent('number'): the reason is missing; {MARK}"),
        ('equivalent("", "Why.")', f"line 1: nothing is named that is equivalent; {MARK}"),
        ("equivalent()", f"line 1: {MARK}"),
        ('equivalent("a", "b", "c")', f"line 1: {MARK}"),
        ("equivalent(number, 'Why.')", f"line 1: {MARK}"),
        ('equivalent("number", reason="Why.")', f"line 1: {MARK}"),
    ],
)
def test_what_is_wrong_with_a_mark(folder: Path, text: str, problem: str) -> None:
    assert read(folder, text) == ([], [f"01-half/wrong/half.py, {problem}"])
    assert equivalents(folder, REFERENCE) == []


def test_a_mark_stands_beside_mistakes_only(folder: Path) -> None:
    (folder / "right").mkdir()
    (folder / "right" / "half.py").write_text('equivalent("number", "S.")', encoding="utf-8")
    _, problems = known_answers(folder, REFERENCE)
    assert any("right/half.py, line 1: only calls stand here" in one for one in problems)
