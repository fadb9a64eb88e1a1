"""Every operator makes the mistake that its sentence names, and leaves alone what is the same or nobody's mistake."""

from __future__ import annotations

import pytest

from autograder.local.mutants import mutants
from autograder.local.operators import OPERATORS

EXAMPLES = [
    ("bound", "if a < b:\n    c", "if a <= b:"),
    ("condition", "if a == b:\n    c", "if a != b:"),
    ("condition", "a = not b", "a = b"),
    ("number", "a = b[1]", "a = b[2]"),
    ("number", "a = b[1]", "a = b[0]"),
    ("size_of_constant", "a = 0.5", "a = 1.0"),
    ("size_of_constant", "a = 1e-05", "a = 0.01"),
    ("arithmetic", "a = b + c", "a = b - c"),
    ("arithmetic", "a = b // c", "a = b / c"),
    ("arithmetic", "a = -b", "a = b"),
    ("rounding", "a = b // c", "a = -(-b // c)"),
    ("logic", "a = b or c", "a = b and c"),
    ("logic", "a = b or c", "a = c"),
    ("dropped_argument", "a = f(b, dim=c)", "a = f(b)"),
    ("dropped_argument", "a = b.sum(c)", "a = b.sum()"),
    ("swapped_arguments", "a = f(b, c)", "a = f(c, b)"),
    ("swapped_pair", "a = (h, w)", "a = (w, h)"),
    ("dropped_conversion", "a = b.clone()", "a = b"),
    ("dropped_conversion", "a = float(b)", "a = b"),
    ("dropped_with", "with torch.no_grad():\n    a", "if True:"),
    ("dropped_finally", "try:\n    a\nfinally:\n    b", "if True:; a"),
    ("in_place", "a = a + b", "a += b"),
    ("in_place", "a += b", "a = a + b"),
    ("in_place", "a.mul_(b)", "a.mul(b)"),
    ("in_place", "a = b.clamp(c)", "a = b.clamp_(c)"),
    ("never_refuses", "if a:\n    raise ValueError(b)", "pass"),
    ("other_error", "if a:\n    raise ValueError(b)", "raise TypeError(b)"),
    ("dropped_statement", "a.append(b)", "pass"),
    ("dropped_statement", "if a:\n    b = c", "pass"),
    ("state_on_class", "self.a = b", "type(self).a = b"),
    ("unregistered", "a = nn.ModuleList(b)", "a = list(b)"),
    ("unregistered", "a = nn.Parameter(b)", "a = b"),
    ("unregistered", "self.register_buffer('a', b)", "setattr(self, 'a', b)"),
    ("other_generator", "torch.randn(2)", "torch.as_tensor(np.random.standard_normal(2), dtype=torch.float32)"),
    ("other_generator", "a = torch.rand_like(x)", "a = torch.as_tensor(np.random.random(x.shape), dtype=x.dtype)"),
    ("other_generator", "a = torch.randperm(n)", "a = torch.as_tensor(np.random.permutation(n))"),
    ("fixed_type", "a = f(dtype=x.dtype)", "a = f(dtype=torch.float32)"),
    ("fixed_type", "a = torch.zeros_like(x)", "a = torch.zeros(x.shape)"),
    ("fixed_type", "a = x.new_zeros(b)", "a = torch.zeros(b)"),
    ("other_function", "a = max(b, c)", "a = min(b, c)"),
    ("other_function", "a = b.reshape(c)", "a = b.view(c)"),
    ("switch", "a = f(bias=False)", "a = f(bias=True)"),
    ("slice_bound", "a = b[c:d]", "a = b[:d]"),
    ("slice_bound", "a = b[c:d]", "a = b[c:]"),
    ("short_loop", "for a in range(b):\n    c = a", "for a in range(b - 1):"),
    ("first_round_only", "for a in b:\n    c = a", "c = a; break"),
    ("one_case", "a = b if c else d", "a = b"),
    ("one_case", "if a:\n    b = c\nelse:\n    b = d", "if False:"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "source", "new"), EXAMPLES)
def test_an_operator_makes_its_mistake(operator: str, source: str, new: str) -> None:
    made = [mutant for mutant in mutants(source) if mutant.operator == operator]
    assert new in [mutant.new for mutant in made]
    assert all(mutant.sentence == OPERATORS[operator].sentence for mutant in made)


def test_every_operator_has_an_example_and_a_sentence() -> None:
    assert {operator for operator, _, _ in EXAMPLES} == set(OPERATORS)
    assert [one.name for one in OPERATORS.values() if not one.sentence.endswith(".")] == []


@pytest.mark.parametrize(
    ("operator", "source"),
    [
        ("swapped_arguments", "a = max(b, c)"),
        ("swapped_arguments", "a = math.gcd(b, c)"),
        ("swapped_arguments", "a = torch.equal(b, c)"),
        ("swapped_pair", "a = isinstance(b, (int, float))"),
        ("swapped_pair", "a = b in (c, d)"),
        ("swapped_pair", "a = b.mean(dim=(c, d))"),
        ("swapped_pair", "try:\n    a\nexcept (B, C):\n    pass"),
        ("in_place", "nn.init.zeros_(a)"),
    ],
)
def test_what_would_be_the_same_is_not_made(operator: str, source: str) -> None:
    assert [mutant.code for mutant in mutants(source) if mutant.operator == operator] == []


def test_docstrings_annotations_and_the_texts_of_errors_are_left_alone() -> None:
    source = (
        'def f(a: t[1], b: t[2] = c) -> t[3]:\n    """Give 4."""\n    d: t[5] = a\n    raise ValueError(f"{d + 6}")\n'
    )
    assert [mutant.new for mutant in mutants(source)] == ["pass", "raise TypeError(f'{d + 6}')"]


def test_only_the_solution_is_changed() -> None:
    source = "def f(a=1):\n    b = 2\n    ### BEGIN SOLUTION\n    b += 3\n    ### END SOLUTION\n    return b + 4\n"
    made = mutants(source)
    assert {mutant.old for mutant in made} == {"b += 3"}
    assert [mutant.change for mutant in made if mutant.operator == "number"] == ["b += 3 -> b += 4", "b += 3 -> b += 2"]


def test_no_two_mutants_do_the_same() -> None:
    made = mutants("for a in range(3):\n    b = a\n")
    assert [mutant.operator for mutant in made if "range" in mutant.new] == ["short_loop", "number"]  # 3 - 1 is 2
    assert [mutant.operator for mutant in mutants("a = (b, b)")] == []  # swapped, it would be the reference
