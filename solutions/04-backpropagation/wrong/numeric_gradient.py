"""Known mistakes of `numeric_gradient`."""

mistake(
    "adds_and_takes_away_in_place",
    "You moved the elements of x itself by + eps, − 2 · eps and + eps; rounding does not bring them back "
    "exactly, so that x has changed.",
    answer="""
from collections.abc import Callable

import numpy as np
import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        above = float(f(x))
        x[index] -= 2 * eps
        below = float(f(x))
        x[index] += eps
        gradient[index] = (above - below) / (2 * eps)
    return gradient
""",
)

mistake(
    "always_float32",
    "You made the result with torch.zeros(x.shape), which is float32 whatever x is.",
    old="zeros_like(x, memory_format=torch.contiguous_format, requires_grad=False",
    new="zeros(x.shape",
)

mistake(
    "always_float64",
    "You worked in float64 and forgot to return to the dtype of x.",
    old="""
    gradient = torch.zeros_like(x, memory_format=torch.contiguous_format, requires_grad=False)
    point = x.detach().clone(memory_format=torch.contiguous_format)
""",
    new="""
    gradient = torch.zeros_like(x.double(), memory_format=torch.contiguous_format, requires_grad=False)
    point = x.detach().double().clone(memory_format=torch.contiguous_format)
""",
)

mistake(
    "asks_autograd",
    "You asked torch for the gradient; here the function itself is to be asked, so that the answer does "
    "not depend on torch.",
    answer="""
from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    x = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(x), x)[0]
""",
)

mistake(
    "divides_by_one_step",
    "You divided by eps, but the two points lie 2 · eps apart: every slope comes out twice too large.",
    old="out[i] = (above - below) / (2 * eps)",
    new="out[i] = (above - below) / eps",
)

mistake(
    "leaves_elements_moved",
    "You did not put an element back before you moved the next one, so that the slopes are taken at other "
    "and other points.",
    old="""
        moved[i] = before

""",
    new="",
)

mistake(
    "looks_to_one_side",
    "You compared f(x + eps) with f(x); look to both sides, or the error falls with eps only and not with eps².",
    old="""
        moved[i] = before - eps
        below = float(f(point))
        moved[i] = before
        out[i] = (above - below) / (2 * eps)
""",
    new="""
        moved[i] = before
        out[i] = (above - float(f(point))) / eps
""",
)

mistake(
    "moves_a_copy",
    "You moved elements of x.flatten(), which is a copy when x is a view of another tensor, so that f "
    "never sees the change.",
    answer="""
from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    point = x.clone()
    flat = point.reshape(-1)
    gradient = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
    for i in range(x.numel()):
        before = flat[i].item()
        flat[i] = before + eps
        above = float(f(point))
        flat[i] = before - eps
        below = float(f(point))
        flat[i] = before
        gradient[i] = (above - below) / (2 * eps)
    return gradient.reshape(x.shape)
""",
)

mistake(
    "moves_all_at_once",
    "You moved all elements together, which gives the sum of the slopes and not one slope for each element.",
    answer="""
from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    slope = (f(x + eps) - f(x - eps)) / (2 * eps)
    return torch.full_like(x, float(slope))
""",
)

mistake(
    "one_dimension_only",
    "You indexed x with one number, which moves whole rows as soon as x has more than one axis.",
    answer="""
from collections.abc import Callable

import torch


def numeric_gradient(
    f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    gradient = torch.zeros_like(x)
    for i in range(len(x) if x.dim() else 1):
        step = torch.zeros_like(x)
        if x.dim():
            step[i] = eps
        else:
            step += eps
        slope = float(f(x + step) - f(x - step)) / (2 * eps)
        if x.dim():
            gradient[i] = slope
        else:
            gradient += slope
    return gradient
""",
)

mistake(
    "step_of_its_own",
    "You moved by a step of your own and left the argument eps unused.",
    old=[
        """
        moved[i] = before + eps
        above = float(f(point))
        moved[i] = before - eps
""",
        "out[i] = (above - below) / (2 * eps)",
    ],
    new=[
        """
        moved[i] = before + 1e-5
        above = float(f(point))
        moved[i] = before - 1e-5
""",
        "out[i] = (above - below) / 2e-5",
    ],
)

mistake(
    "float64_for_f",
    "You hand f a float64 tensor when x is float32; f takes the dtype of x.",
    old="point = x.detach().clone(memory_format=torch.contiguous_format)",
    new="point = x.detach().to(torch.float64, copy=True).contiguous()",
)

mistake(
    "another_default_step",
    "Your step is 0.0001 when none is given.",
    old="eps: float = 1e-5",
    new="eps: float = 1e-4",
)

mistake(
    "spoils_its_argument",
    "You set x to zero and return the gradient there; it is asked for at x as it was.",
    old="    point = x.detach()",
    new="    x.detach().zero_()\n    point = x.detach()",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: it moves all elements at once along one direction, and returns one "
    "slope where the gradient has a number for each element.",
    answer="""
import torch


def numeric_gradient(f, x, eps=1e-5):
    found = []
    direction = torch.ones_like(x)
    with torch.no_grad():
        for step in (eps, -2 * eps, eps):
            x += step * direction
            found.append(float(f(x)))
    return (found[0] - found[1]) / (2 * eps) * direction
""",
)

equivalent(
    "gradient = torch.zeros_like(x, memory_format=torch.contiguous_format, requires_grad=False) -> "
    "gradient = torch.zeros_like(x, memory_format=torch.contiguous_format)",
    "A tensor like another wants no gradient unless it is asked to.",
)

equivalent(
    "gradient = torch.zeros_like(x, memory_format=torch.contiguous_format, requires_grad=False) -> "
    "gradient = torch.ones_like(x, memory_format=torch.contiguous_format, requires_grad=False)",
    "Every element is written.",
)

equivalent(
    "point = x.detach().clone(memory_format=torch.contiguous_format) -> "
    "point = x.clone(memory_format=torch.contiguous_format)",
    "The numbers that f gets are the same, whether torch records the moves or not.",
)

equivalent(
    "above = float(f(point)) -> above = f(point)",
    "One number as a tensor is subtracted and divided like a float.",
)

equivalent(
    "below = float(f(point)) -> below = f(point)",
    "One number as a tensor is subtracted and divided like a float.",
)
