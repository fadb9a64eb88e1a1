"""A hidden check tells what an exception said, and nothing of the input that it was raised on."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from autograder.engines.judge import TRY_IT, CellEnd, judge
from autograder.engines.telling import told_class, told_text
from autograder.model import Check

OWN = {
    3: "class Mine(Exception): ...\ndef f(x, weight):\n"
    "    if x.ndim != 4:\n        raise ValueError(f'expected 4 dimensions, got {x.ndim} in {weight}')\n"
    "    assert x.any(), 'x is empty'\n    raise Mine('a kernel that is too large')"
}
HIDDEN = Check("f-hidden", "f", 2.0, False, "Values")
X = torch.ones(2, 3, 8, 8)


def raised(code: str) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        exec(code, {"torch": torch, "nn": nn, "F": F, "X": X, "np": np})
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("X @ torch.ones(9, 2)", "mat1 and mat2 shapes cannot be multiplied (… and …)"),
        ("X + torch.ones(2, 5, 8, 8)", "The size of tensor a (…) must match the size of tensor b (…) at non-singleton"),
        ("F.conv2d(X, torch.ones(4, 5, 3, 3))", "Given groups=…, weight of size …, expected input… to have … channels"),
        ("X @ torch.ones(3)", "size mismatch, got input (…), mat (…), vec (…)"),
        ("X.view(7, 7)", "shape '…' is invalid for input of size …"),
        ("X.permute(0, 2, 3, 1).view(-1)", "view size is not compatible with input tensor's size and stride"),
        ("torch.cat([X, torch.ones(1, 1, 8, 8)], 1)", "Sizes of tensors must match except in dimension …"),
        ("torch.stack([X, X[0]])", "stack expects each tensor to be equal size"),
        (
            "F.conv2d(X, torch.ones(4, 3, 3, 3).double())",
            "Input type (torch.FloatTensor) and weight type (torch.DoubleTensor) should be the same…",
        ),
        ("X.backward()", "element … of tensors does not require grad and does not have a grad_fn"),
        ("X.sum().requires_grad_().detach().backward()", "element … of tensors does not require grad"),
        ("X.squeeze().sum(7)", "Dimension out of range (expected to be in range of …, but got …)"),
        ("bool(X)", "Boolean value of Tensor with more than one value is ambiguous"),
        ("X.clone().requires_grad_().numpy()", "Can't call numpy() on Tensor that requires grad."),
        ("nn.Linear(3, 2)(X)", "mat1 and mat2 shapes cannot be multiplied"),
        ("nn.Linear(3, 2).load_state_dict({})", "Error(s) in loading state_dict for Linear"),
        ("a, b = X.shape", "too many values to unpack (expected …)"),
        ("None + 1", "unsupported operand type(s) for +: 'NoneType' and '…'"),
        ("None.shape", "'NoneType' object has no attribute '…'"),
        ("X.weight2", "'Tensor' object has no attribute '…'"),
        ("(lambda x: x)(x=1, y=2)", "() got an unexpected keyword argument '…'"),
        ("(lambda x: x)()", "() missing … required positional argument: 'x'"),
        ("(lambda x: x)(1, 2)", "() takes … positional argument but … were given"),
        ("[1][3]", "list index out of range"),
        ("1 / 0", "division by zero"),
        ("np.ones((2, 3)) + np.ones((4, 5))", "operands could not be broadcast together with shapes …"),
    ],
)
def test_messages_of_python_and_torch_are_told_without_numbers(code: str, told: str) -> None:
    message = told_text(raised(code), OWN)
    assert message.startswith(told)
    assert not any(letter.isdigit() for letter in re.sub(r"mat[12]|base 10", "", message))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a kernel that is too large", "a kernel that is too large"),
        ("x is empty", "x is empty"),
        ("expected 4 dimensions, got 77 in 5", "expected 4 dimensions, got … in …"),
        ("expected 4 dimensions, got 77 in weight", "expected 4 dimensions, got … in weight"),
        ("0x1f 3.25 7", ""),
        ("[[1.0, 2.0], [3.0, 4.0]]", ""),
        ("invalid literal for int() with base 10: '1.25 7.5'", "invalid literal for int() with base …: …"),
        ("a kernel that is too large: 8", ""),
        ("", ""),
        ("\n", ""),
    ],
)
def test_the_students_own_messages_are_told_without_their_values(text: str, told: str) -> None:
    assert told_text(text, OWN) == told


def test_names_are_few() -> None:
    """Each name that a gap shows could stand for a piece of the input."""
    text = "'Tensor' object has no attribute 'weight'"
    assert told_text(text, OWN) == text
    assert told_text("'<' not supported between instances of 'int' and 'str'", {}).count("…") == 1
    assert told_text("'weight' object has no attribute 'weight'", OWN) == "'weight' object has no attribute '…'"


def test_no_text_takes_long() -> None:
    """Many gaps with little between them would let a backtracking search run for years."""
    own = {1: "raise ValueError(f'" + "{a} " * 60 + "!')"}
    start = time.process_time()
    assert told_text(" " * 20_000, own) == ""
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("ValueError", "ValueError"),
        ("_LinAlgError", "LinAlgError"),
        ("Mine", "Mine"),
        ("Secret42", "an exception of its own class"),
        ("print", "an exception of its own class"),
    ],
)
def test_classes_that_were_there_before_the_input(error: str, told: str) -> None:
    assert told_class(error, OWN) == told


def test_the_message_of_a_hidden_check() -> None:
    end = CellEnd("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (4x400 and 256x120)", "Cell In[3], line 2")
    message = judge(HIDDEN, end, CellEnd(), False, OWN).message
    assert message == (
        "Your code raised RuntimeError: mat1 and mat2 shapes cannot be multiplied (… and …) "
        f"in line 2 of your cell: `def f(x, weight):`.\n{TRY_IT}"
    )


def test_cells_that_are_not_python_do_no_harm() -> None:
    assert told_text("division by zero", {1: "def f(:", 2: "x = 1"}) == "division by zero"
