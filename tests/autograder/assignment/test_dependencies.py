"""Which names a cell takes from elsewhere: a check that builds on another must not be run without it."""

import pytest

from autograder.assignment.dependencies import names_of


@pytest.mark.parametrize(
    ("text", "free", "bound"),
    [
        ("x = 1\ny = x + f(x)", "f", "x y"),
        ("y = x\nx = 1", "x", "x y"),
        ("total += 1", "total", "total"),
        ("a = [v for v in values if v > low]", "low values", "a"),
        ("import torch.nn.functional as F\nimport os.path\nF.relu(os)", "", "F os"),
        ("def g(a, *b, c=d, **e):\n    h = a + q\n    return h", "d q", "g"),
        ("def g():\n    return later\nlater = 1\ng()", "", "g later"),
        ("for i in items:\n    seen = i\nprint(seen)", "items print", "i seen"),
        ("with a() as (b, c):\n    d = b", "a", "b c d"),
        ("try:\n    r = f()\nexcept E as e:\n    r = e\nfinally:\n    r", "E f", "e r"),
        ("if p:\n    q = 1\nelse:\n    q = s\nq", "p s", "q"),
        ("@mark\nclass A(B):\n    z = w", "B mark w", "A"),
        ("assert (n := f()) and n", "f n", "n"),
    ],
)
def test_names(text: str, free: str, bound: str) -> None:
    found_free, found_bound = names_of(text)
    assert found_bound == frozenset(bound.split())
    assert found_free == frozenset(free.split())


def test_what_is_not_python_is_said() -> None:
    with pytest.raises(SyntaxError):
        names_of("def")
