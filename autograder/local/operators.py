"""Mutation operators: what may stand in the place of a node of a syntax tree, each a mistake that students make.

Runs where an author works, on a reference that is trusted; nothing is executed. An operator takes any node and yields
the nodes that may replace it, none where it does not apply. It leaves the node itself as it was.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.parsing import expression

__all__ = ["OPERATORS", "UNORDERED", "Operator"]

Change = Iterator[ast.AST]


@dataclass(frozen=True)
class Operator:
    """A kind of mistake: its name, the sentence that a tutor would say, and what may stand in a node's place."""

    name: str
    sentence: str
    change: Callable[[ast.AST], Change]


OPERATORS: dict[str, Operator] = {}
UNORDERED = "unordered"  # set on a tuple whose order means nothing

NEAR = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
CONVERSIONS = ("clone", "contiguous", "detach", "double", "float", "to", "item", "long", "flatten", "type_as", "cpu")
CONVERTERS = ("int", "float", "list", "tuple", "dict", "abs", "copy", "deepcopy", "tensor", "as_tensor")
SYMMETRIC = {
    *("min", "max", "minimum", "maximum", "gcd", "lcm", "hypot", "equal", "allclose", "isclose", "dot"),
    *("logical_and", "logical_or", "logical_xor", "eq", "ne", "add", "mul", "mse_loss", "l1_loss"),
    *("broadcast_shapes", "promote_types", "result_type", "__import__", "isinstance", "issubclass"),
}
TWINS = (
    *(("min", "max"), ("any", "all"), ("amin", "amax"), ("argmin", "argmax"), ("minimum", "maximum"), ("sum", "mean")),
    *(("zeros", "ones"), ("zeros_like", "ones_like"), ("new_zeros", "new_ones"), ("floor", "ceil"), ("train", "eval")),
    *(("MaxPool2d", "AvgPool2d"), ("max_pool2d", "avg_pool2d"), ("Dropout", "Dropout2d"), ("softmax", "log_softmax")),
    *(("AdaptiveAvgPool2d", "AdaptiveMaxPool2d"), ("adaptive_avg_pool2d", "adaptive_max_pool2d")),
    *(("children", "modules"), ("named_children", "named_modules")),
)
TWIN = {**dict(TWINS), **{b: a for a, b in TWINS}, "reshape": "view", "ReLU": "LeakyReLU", "relu": "leaky_relu"}
BUILTIN_TWIN = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
NUMPY = {"rand": "random", "randn": "standard_normal", "randperm": "permutation", "randint": "randint"}
NUMPY_LIKE = {"rand_like": "random", "randn_like": "standard_normal"}
IN_PLACE = {
    "add",
    "sub",
    "mul",
    "div",
    "clamp",
    "relu",
    "exp",
    "sqrt",
    "masked_fill",
    "index_add",
    "scatter",
    "squeeze",
}
OTHER_ERROR = {
    "ValueError": "TypeError",
    "TypeError": "ValueError",
    "KeyError": "ValueError",
    "RuntimeError": "ValueError",
}
LIKE = {f"{kind}_like": kind for kind in ("zeros", "ones", "empty", "full", "rand", "randn")}


def operator(sentence: str) -> Callable[[Callable[[Any], Change]], Callable[[Any], Change]]:
    """Register a function as the operator of its name."""

    def register(function: Callable[[Any], Change]) -> Callable[[Any], Change]:
        OPERATORS[function.__name__] = Operator(function.__name__, sentence, function)
        return function

    return register


def changed(node: Any, **fields: Any) -> Any:
    """Return a copy of ``node`` with other ``fields``; what it holds is shared."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def called(node: ast.AST) -> str:
    """Return the last part of the name of what ``node`` calls, "" where it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def without(items: list[Any], at: int) -> list[Any]:
    return [*items[:at], *items[at + 1 :]]


def swaps(items: list[Any]) -> Iterator[list[Any]]:
    """Yield ``items`` with two neighbours swapped, for all neighbours that stand for one value each."""
    for at in range(len(items) - 1):
        pair = items[at : at + 2]
        if not any(isinstance(one, ast.Starred | ast.GeneratorExp) for one in pair):
            yield [*items[:at], *reversed(pair), *items[at + 2 :]]


@operator("A bound is off by one.")
def bound(node: ast.AST) -> Change:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in NEAR:
                yield changed(node, ops=[*node.ops[:at], NEAR[type(op)](), *node.ops[at + 1 :]])


@operator("A condition is the wrong way round.")
def condition(node: ast.AST) -> Change:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in OPPOSITE:
                yield changed(node, ops=[*node.ops[:at], OPPOSITE[type(op)](), *node.ops[at + 1 :]])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


@operator("A number is off by one.")
def number(node: ast.AST) -> Change:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


@operator("A constant has another size.")
def size_of_constant(node: ast.AST) -> Change:
    if isinstance(node, ast.Constant) and type(node.value) is float and node.value:
        yield ast.Constant(node.value * (2 if abs(node.value) > 1e-3 else 1000))


@operator("Plus and minus, or times and divided by, are mixed up.")
def arithmetic(node: ast.AST) -> Change:
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for other in ARITHMETIC.get(type(node.op), ()):
            yield changed(node, op=other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


@operator("A size is rounded up where it is rounded down.")
def rounding(node: ast.AST) -> Change:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        yield ast.UnaryOp(ast.USub(), changed(node, left=ast.UnaryOp(ast.USub(), node.left)))


@operator("And and or are mixed up, or one of several conditions is missing.")
def logic(node: ast.AST) -> Change:
    if isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        for at in range(len(node.values)):
            rest = without(node.values, at)
            yield rest[0] if len(rest) == 1 else changed(node, values=rest)


@operator("An argument is not used.")
def dropped_argument(node: ast.AST) -> Change:
    if isinstance(node, ast.Call):
        for at, word in enumerate(node.keywords):
            if word.arg:
                yield changed(node, keywords=without(node.keywords, at))
        optional = (
            node.args and isinstance(node.func, ast.Attribute) and not isinstance(node.args[-1], ast.GeneratorExp)
        )
        if optional and called(node) not in CONVERSIONS:
            yield changed(node, args=node.args[:-1])


@operator("Two arguments are swapped.")
def swapped_arguments(node: ast.AST) -> Change:
    if isinstance(node, ast.Call) and called(node) not in SYMMETRIC:
        for args in swaps(node.args):
            yield changed(node, args=args)


@operator("Height and width, or two axes or items, are swapped.")
def swapped_pair(node: ast.AST) -> Change:
    if isinstance(node, ast.Tuple | ast.List) and not hasattr(node, UNORDERED):
        for items in swaps(node.elts):
            yield changed(node, elts=items)


@operator("A copy or a conversion is missing.")
def dropped_conversion(node: ast.AST) -> Change:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CONVERSIONS:
        yield node.func.value
    plain = isinstance(node, ast.Call) and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
    if plain and called(node) in CONVERTERS:
        yield node.args[0]  # type: ignore[attr-defined]


@operator("Gradients are not switched off, or another setting of a block is missing.")
def dropped_with(node: ast.AST) -> Change:
    if isinstance(node, ast.With) and all(item.optional_vars is None for item in node.items):
        yield ast.If(ast.Constant(True), node.body, [])
    if isinstance(node, ast.FunctionDef):
        for at in range(len(node.decorator_list)):
            yield changed(node, decorator_list=without(node.decorator_list, at))


@operator("What must be restored in any case is restored only where nothing fails.")
def dropped_finally(node: ast.AST) -> Change:
    if isinstance(node, ast.Try) and node.finalbody and not node.handlers:
        yield ast.If(ast.Constant(True), [*node.body, *node.orelse, *node.finalbody], [])


@operator("A value is changed in place, or a new one is made in place of that.")
def in_place(node: ast.AST) -> Change:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, ast.BinOp):
        target, value = node.targets[0], node.value
        if ast.unparse(target) == ast.unparse(value.left) and not isinstance(target, ast.Tuple | ast.List):
            yield ast.AugAssign(target, value.op, value.right)  # type: ignore[arg-type]
    if isinstance(node, ast.AugAssign):
        left: Any = copy.copy(node.target)
        left.ctx = ast.Load()
        yield ast.Assign([node.target], ast.BinOp(left, node.op, node.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = node.func.attr
        module = ast.unparse(node.func.value).rpartition(".")[2] == "init"  # its old names do the same
        if name.endswith("_") and not name.startswith("_") and name != "requires_grad_" and not module:
            yield changed(node, func=changed(node.func, attr=name.removesuffix("_")))
        if name in IN_PLACE:
            yield changed(node, func=changed(node.func, attr=f"{name}_"))


@operator("A case is not refused.")
def never_refuses(node: ast.AST) -> Change:
    if isinstance(node, ast.Raise):
        yield ast.Pass()


@operator("Another kind of error is raised.")
def other_error(node: ast.AST) -> Change:
    if isinstance(node, ast.Raise) and node.exc is not None:
        call = node.exc
        name = call.func if isinstance(call, ast.Call) else call
        if isinstance(name, ast.Name) and name.id in OTHER_ERROR:
            other = ast.Name(OTHER_ERROR[name.id], ast.Load())
            yield changed(node, exc=changed(call, func=other) if isinstance(call, ast.Call) else other)


@operator("A step is left out.")
def dropped_statement(node: ast.AST) -> Change:
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign | ast.Delete | ast.Continue | ast.Break):
        yield ast.Pass()
    if isinstance(node, ast.If) and not node.orelse and not any(isinstance(one, ast.Raise) for one in node.body):
        yield ast.Pass()


@operator("A state is kept on the class in place of the object.")
def state_on_class(node: ast.AST) -> Change:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute):
        place = node.targets[0]
        if isinstance(place.value, ast.Name) and place.value.id == "self":
            of_class = ast.Call(ast.Name("type", ast.Load()), [ast.Name("self", ast.Load())], [])
            yield changed(node, targets=[changed(place, value=of_class)])


@operator("A layer or tensor is kept where PyTorch does not look for it.")
def unregistered(node: ast.AST) -> Change:
    if isinstance(node, ast.Call) and len(node.args) == 1 and called(node) in ("ModuleList", "ParameterList"):
        yield changed(node, func=ast.Name("list", ast.Load()))
    if isinstance(node, ast.Call) and node.args and called(node) == "Parameter":
        yield node.args[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "register_buffer":
        yield ast.Call(ast.Name("setattr", ast.Load()), [node.func.value, *node.args[:2]], [])


@operator("Random numbers come from numpy's generator in place of torch's.")
def other_generator(node: ast.AST) -> Change:
    name = called(node)
    if not isinstance(node, ast.Call) or not node.args or name not in (*NUMPY, *NUMPY_LIKE):
        return
    words = [word for word in node.keywords if word.arg in ("dtype", "device")]
    args: list[ast.expr] = node.args
    if name in NUMPY_LIKE:
        args = [ast.Attribute(node.args[0], "shape", ast.Load())]
        words = [ast.keyword("dtype", ast.Attribute(node.args[0], "dtype", ast.Load()))]
    elif name in ("rand", "randn"):
        args = [args[0] if len(args) == 1 and not isinstance(args[0], ast.Starred) else ast.Tuple(args, ast.Load())]
        if not any(word.arg == "dtype" for word in words):
            words = [*words, ast.keyword("dtype", expression("torch.float32"))]
    source = expression(f"np.random.{ {**NUMPY, **NUMPY_LIKE}[name] }".replace(" ", ""))
    yield ast.Call(expression("torch.as_tensor"), [ast.Call(source, args, [])], words)


@operator("The type of the numbers, or the device, is fixed.")
def fixed_type(node: ast.AST) -> Change:
    if not isinstance(node, ast.Call):
        return
    for at, word in enumerate(node.keywords):
        if word.arg == "dtype" and not ast.unparse(word.value).startswith("torch."):
            fixed = ast.keyword("dtype", expression("torch.float32"))
            yield changed(node, keywords=[*node.keywords[:at], fixed, *node.keywords[at + 1 :]])
    if isinstance(node.func, ast.Attribute) and node.args:
        name = node.func.attr
        if name in LIKE and isinstance(node.func.value, ast.Name):
            shape = ast.Attribute(node.args[0], "shape", ast.Load())
            yield changed(node, func=changed(node.func, attr=LIKE[name]), args=[shape, *node.args[1:]])
        if name.startswith("new_"):
            torch = ast.Name("torch", ast.Load())
            yield changed(node, func=changed(node.func, value=torch, attr=name.removeprefix("new_")))


@operator("Another function of the same family is called.")
def other_function(node: ast.AST) -> Change:
    if isinstance(node, ast.Attribute) and node.attr in TWIN and isinstance(node.ctx, ast.Load):
        yield changed(node, attr=TWIN[node.attr])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTIN_TWIN:
        yield changed(node, func=ast.Name(BUILTIN_TWIN[node.func.id], ast.Load()))


@operator("A switch is the other way.")
def switch(node: ast.AST) -> Change:
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)


@operator("A slice begins, ends or steps elsewhere.")
def slice_bound(node: ast.AST) -> Change:
    if isinstance(node, ast.Slice):
        for field in ("lower", "upper", "step"):
            if getattr(node, field) is not None:
                yield changed(node, **{field: None})


@operator("A loop stops one early.")
def short_loop(node: ast.AST) -> Change:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        at = 0 if len(node.args) == 1 else 1
        less = ast.BinOp(node.args[at], ast.Sub(), ast.Constant(1))
        yield changed(node, args=[*node.args[:at], less, *node.args[at + 1 :]])


@operator("The loop ends after its first round.")
def first_round_only(node: ast.AST) -> Change:
    if isinstance(node, ast.For | ast.While) and not isinstance(node.body[-1], ast.Return | ast.Break):
        yield changed(node, body=[*node.body, ast.Break()])


@operator("One of two cases is always taken.")
def one_case(node: ast.AST) -> Change:
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    if isinstance(node, ast.If) and not any(isinstance(one, ast.Raise) for one in node.body):
        yield changed(node, test=ast.Constant(True))
        if node.orelse:
            yield changed(node, test=ast.Constant(False))
