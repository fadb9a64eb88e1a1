"""Write a new assignment that passes all checks of checks, for an author to change into his own.

It has one task with a reference, a public and two hidden checks, wrong answers and other right ones: each part of the
author's format once. What stands in CONTRIBUTING, "Write an assignment", explains it.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.course import Course
from autograder.errors import UsageError
from autograder.files import write_atomically

__all__ = ["write_skeleton"]

_NAME = re.compile(r"\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
_TASK = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")

_SOURCE = '''\
# %% [markdown]
# # {title}
#
# You write one function: how much padding keeps the size of a picture.
#
# - You need: Chapter {number}. A CPU is enough.
# - It takes: One hour.
# - Hidden checks try: dilation, and arguments that make no sense

# %% {task}-statement [markdown]
# How much padding keeps the size at stride 1?
#
# `{task}(kernel_size, dilation=1)` **returns** the zeros on each side, an int.
# **Raise `ValueError`** where equal padding on both sides cannot keep the size, or where an argument is below 1.

# %% {task}
def {task}(kernel_size, dilation=1):
    """Return the padding per side that keeps the size at stride 1.

    Args:
        kernel_size, dilation: ints, at least 1.

    Raises:
        ValueError: no equal padding keeps the size, or an argument is below 1.
    """
    ### BEGIN SOLUTION
    reach = dilation * (kernel_size - 1)
    if min(kernel_size, dilation) < 1 or reach % 2:
        raise ValueError("no equal padding keeps the size")
    return reach // 2
    ### END SOLUTION


# %% {task}-public points=1
# Kernels of 3 and 4
checks.equal({task}(3), 1, "Kernel 3", case="{task}(3)")
checks.raises(ValueError, {task}, 4, what="An even kernel", case="{task}(4)")


# %% {task}-values points=2
# With dilation the size stays too
def padding(kernel_size, dilation):
    return dilation * (kernel_size - 1) // 2


cases = [(3, 2), (5, 3), (4, 2), (1, 1), (1, 7), (7, 1)]
checks.agrees({task}, padding, cases, "The padding", hint="the reach grows with the dilation.")


# %% {task}-refuses points=1
# Arguments that make no sense
kinds = {{
    "an even kernel without dilation": [(2, 1), (6,)],
    "an even kernel and an odd dilation": [(4, 3)],
    "a kernel below 1": [(0, 2), (-1, 1)],
    "a dilation below 1": [(3, 0), (3, -2)],
}}
checks.refuses({task}, kinds, "Arguments that make no sense")


# %% {task}-look
print([{task}(kernel_size) for kernel_size in (1, 3, 5, 7)])
'''

_WRONG = '''\
"""Wrong answers to `{task}`: each must lose points, and is named to students who made the same mistake."""

mistake(
    "ignores_dilation",
    "You left the dilation out: it stretches the kernel's reach.",
    old="dilation * (kernel_size - 1)",
    new="kernel_size - 1",
)

mistake(
    "pads_by_the_whole_reach",
    "You pad each side by the whole reach: half of it on each side is enough.",
    old="return reach // 2",
    new="return reach",
)

mistake(
    "takes_even_kernels",
    "An even reach is needed: with an odd one, equal padding changes the size.",
    old="    if min(kernel_size, dilation) < 1 or reach % 2:",
    new="    if min(kernel_size, dilation) < 1:",
)

mistake(
    "takes_any_dilation",
    "A dilation below 1 makes no sense and is not refused.",
    old="min(kernel_size, dilation) < 1",
    new="kernel_size < 1",
)

mistake(
    "refuses_all_even_kernels",
    "With an even dilation an even kernel keeps the size too: it is the reach that must be even.",
    old="or reach % 2",
    new="or kernel_size % 2 == 0",
)

equivalent("rounding", "Only an even reach comes to this line.")
'''

_RIGHT = '''\
"""Other right answers to `{task}`: each must keep all points."""

right(
    "with_divmod",
    "It divides once, with divmod.",
    answer=\'\'\'
def {task}(kernel_size, dilation=1):
    if kernel_size < 1 or dilation < 1:
        raise ValueError("below 1")
    half, odd = divmod(dilation * (kernel_size - 1), 2)
    if odd:
        raise ValueError("no equal padding")
    return half
\'\'\',
)

right(
    "by_search",
    "It tries one padding after the other.",
    answer=\'\'\'
def {task}(kernel_size, dilation=1):
    if kernel_size < 1 or dilation < 1:
        raise ValueError("below 1")
    for padding in range(dilation * kernel_size + 1):
        if 2 * padding == dilation * (kernel_size - 1):
            return padding
    raise ValueError("no equal padding")
\'\'\',
)
'''


def write_skeleton(course: Course, name: str, task: str) -> list[Path]:
    """Write the assignment ``name`` with one task ``task``, and return its files.

    Raises:
        UsageError: a name cannot be one, or there is such an assignment.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of an assignment.", "Write two digits and words: 11-augmentation.")
    if not _TASK.fullmatch(task):
        raise UsageError(f"{task!r} is no name of a task.", "Write the name of a function or class: same_padding.")
    source = course.solutions / name / f"{name}.py"
    if source.parent.exists():
        raise UsageError(f"There is {source.parent.relative_to(course.root)} already.", "Choose another name.")
    number, _, words = name.partition("-")
    title = words.replace("-", " ").capitalize()
    files = {
        source: _SOURCE.format(task=task, title=title, number=number),
        source.parent / "wrong" / f"{task}.py": _WRONG.format(task=task),
        source.parent / "right" / f"{task}.py": _RIGHT.format(task=task),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    return list(files)
