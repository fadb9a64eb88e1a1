"""Say what an exception said, where it was raised on the input of a hidden check.

Student code chooses the text of its exceptions, and could write the input into it. So a text is told only if it is,
apart from what stands in its gaps, one that was written before the input was known: a string in the student's own
cells, or one of the messages of Python and torch below. A gap shows a name of a type or a name from the student's
cells, and else an ellipsis: which text it was says no more of the input than which line failed.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from autograder.parsing import parse

__all__ = ["told_class", "told_text"]

GAP = "…"
_MOST_CHARS, _SHORTEST, _LONGEST = 300, 4, 300
_MOST_SHOWN, _MOST_OWN = 2, 1  # gaps that show what stands in them; of these, with a name from the student's cells
Message = tuple[str, ...]  # what stands between the gaps

# A message of a library, with {} for what differs from case to case. The first that fits is told.
_MESSAGES = """
unsupported operand type(s) for {}: '{}' and '{}'
bad operand type for unary {}: '{}'
'{}' object has no attribute '{}'
type object '{}' has no attribute '{}'
module '{}' has no attribute '{}'
'{}' object is not callable
'{}' object is not iterable
'{}' object is not subscriptable
'{}' object is not an iterator
'{}' object is not reversible
'{}' object does not support item assignment
'{}' object cannot be interpreted as an integer
argument of type '{}' is not iterable
object of type '{}' has no len()
cannot unpack non-iterable {} object
not enough values to unpack (expected {}, got {})
too many values to unpack (expected {})
{}() got an unexpected keyword argument '{}'
{}() got multiple values for argument '{}'
{}() missing {} required positional argument: '{}'
{}() missing {} required positional arguments: {}
{}() takes {} positional argument but {} were given
{}() takes {} positional arguments but {} were given
{}() takes {} positional arguments but {} was given
{} index out of range
{} indices must be integers or slices, not {}
{} assignment index out of range
pop from empty list
{} division by zero
division by zero
integer modulo by zero
integer division or modulo by zero
math domain error
cannot convert float NaN to integer
cannot convert float infinity to integer
must be real number, not {}
can't multiply sequence by non-int of type '{}'
can only concatenate {} (not "{}") to {}
'{}' not supported between instances of '{}' and '{}'
maximum recursion depth exceeded{}
cannot access local variable '{}' where it is not associated with a value
name '{}' is not defined
{}() arg is an empty sequence
{}() iterable argument is empty
dictionary changed size during iteration
unhashable type: '{}'
zip() argument {} is longer than argument {}
zip() argument {} is shorter than argument {}
{}mat1 and mat2 shapes cannot be multiplied ({} and {})
{}mat1 and mat2 must have the same dtype, but got {} and {}
expected m1 and m2 to have the same dtype, but got: {} != {}
expected scalar type {} but found {}
Input type ({}) and bias type ({}) should be the same{}
Input type ({}) and weight type ({}) should be the same{}
result type {} can't be cast to the desired output type {}
The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}
The expanded size of the tensor ({}) must match the existing size ({}) at non-singleton dimension {}
expand({}): the number of sizes provided ({}) must be greater or equal to the number of dimensions in the tensor ({})
Given groups={}, weight of size {}, expected input{} to have {} channels, but got {} channels instead
Given groups={}, weight of size {}, expected bias to be {}, but got bias of size {} instead
Given groups={}, expected weight to be {}, but got weight of size {} instead
Expected {}D (unbatched) or {}D (batched) input to {}, but got input of size: {}
Expected more than {} value per channel when training, got input size {}
running_mean should contain {} elements not {}
Calculated padded input size per channel: ({}). Kernel size: ({}). Kernel size can't be greater than actual input size
pad should be at most half of effective kernel size, but got {}
Given input size: ({}). Calculated output size: ({}). Output size is too small
Output size is too small
Expected all tensors to be on the same device, but {}
shape '{}' is invalid for input of size {}
view size is not compatible with input tensor's size and stride {}
Sizes of tensors must match except in dimension {}. Expected size {} but got size {} for tensor number {} in the list.
stack expects each tensor to be equal size, but got {} at entry {} and {} at entry {}
stack expects a non-empty TensorList
number of dims don't match in permute
permute({}): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions {}
Dimension out of range (expected to be in range of {}, but got {})
index {} is out of bounds for dimension {} with size {}
index out of range in self
too many indices for tensor of dimension {}
The shape of the mask {} at index {} does not match the shape of the indexed tensor {} at index {}
shape mismatch: value tensor of shape {} cannot be broadcast to indexing result of shape {}
shape mismatch: indexing tensors could not be broadcast together with shapes {}
tensors used as indices must be long, int, byte or bool tensors
einsum(): {}
only one element tensors can be converted to Python scalars
only integer tensors of a single element can be converted to an index
a Tensor with {} elements cannot be converted to Scalar
Boolean value of Tensor with more than one value is ambiguous
Boolean value of Tensor with no values is ambiguous
iteration over a 0-d tensor
a leaf Variable that requires grad is being used in an in-place operation.
a view of a leaf Variable that requires grad is being used in an in-place operation.
element {} of tensors does not require grad and does not have a grad_fn
Trying to backward through the graph a second time{}
One of the differentiated Tensors appears to not have been used in the graph{}
One of the differentiated Tensors does not require grad
one of the variables needed for gradient computation has been modified by an inplace operation{}
Mismatch in shape: grad_output[{}] has a shape of {} and output[{}] has a shape of {}.
The differentiated Tensor at index {} appears to not have been used in the graph{}
size mismatch, got input ({}), mat ({}), vec ({})
grad can be implicitly created only for scalar outputs
Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.
mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}
expected Tensor as element {} in argument {}, but got {}
{}(): argument '{}' (position {}) must be {}, not {}
{}(): argument '{}' must be {}, not {}
{}() received an invalid combination of arguments {}
optimizer got an empty parameter list
Error(s) in loading state_dict for {}:
linalg.{}: The diagonal element {} is zero, the inversion could not be completed because the input matrix is singular.
non-empty 3D or 4D (batch mode) tensor expected for input
Padding length must be divisible by 2
{}Dimension size must be non-negative.
{}is not a Module subclass
could not convert string to float: {}
invalid literal for int() with base {}: {}
Expected input batch_size ({}) to match target batch_size ({}).
maximum size for tensor at dimension {} is {} but size is {}
Given input with spatial size ({}), kernel_size={}
{}Expected dtype int32/int64 for index
batch1 must be a 3D tensor
Input and output must have the same number of spatial dimensions, but got {}
Class values must be smaller than num_classes.
Class values must be non-negative.
grid_sampler(): expected grid to have size 2 in last dimension, but got grid with sizes {}
"{}" not implemented for '{}'
cannot assign '{}' as parameter '{}' (torch.nn.Parameter or None expected)
cannot assign module before Module.__init__() call
cannot assign parameters before Module.__init__() call
operands could not be broadcast together with shapes {}
cannot reshape array of size {} into shape {}
could not broadcast input array from shape {} into shape {}
"""
_TYPES = frozenset(
    re.findall(
        r"\S+",
        """
        NoneType int float bool complex str bytes list tuple dict set function method module type range generator zip
        map integer min max + - * / @ ** // % < > <= >= += -= *= /= Tensor Parameter Size Sequential Module Linear
        Conv2d ReLU dtype device ndarray Float Double Half BFloat16 Long Int Byte Bool float32 float64 float16 bfloat16
        int64 int32 uint8 torch.float32 torch.float64 torch.int64 torch.uint8 torch.FloatTensor torch.DoubleTensor
        torch.Tensor cpu cuda conv1d conv2d conv3d conv_transpose2d max_pool2d avg_pool2d linear cat stack
        """,
    )
)
_OTHER_ERRORS = frozenset({"LinAlgError", "AcceleratorError", "UnpicklingError", "JSONDecodeError"})


def told_class(error: str, own_cells: Mapping[int, str]) -> str:
    """Return the name of an exception's class if Python, torch or the student's own cells define it, else a phrase."""
    name = error.rpartition(".")[2].removeprefix("_")
    known = getattr(builtins, error, None)
    if isinstance(known, type) and issubclass(known, BaseException):
        return error
    own = name in _OTHER_ERRORS or error in _classes(tuple(own_cells.values()))
    return name if own else "an exception of its own class"


def told_text(text: str, own_cells: Mapping[int, str]) -> str:
    """Return what may be told of an exception's ``text``: a known message with its gaps closed, or nothing."""
    first = text.strip().partition("\n")[0].strip()
    cells = tuple(own_cells.values())
    for message in (*_own_messages(cells), *_library()):
        gaps = _gaps(message, first)
        if gaps is not None:
            return _filled(message, gaps, _names(cells)).removeprefix(GAP)[:_MOST_CHARS]
    return ""


def _gaps(message: Message, text: str) -> list[str] | None:
    """Return what stands in the gaps of ``message`` if ``text`` is one of its kind; each part is sought once."""
    start, end = len(message[0]), len(text) - len(message[-1])
    if len(message) == 1 or start > end or not (text.startswith(message[0]) and text.endswith(message[-1])):
        return [] if message == (text,) else None
    found = []
    for part in message[1:-1]:
        place = text.find(part, start, end)
        if place < 0:
            return None
        found.append(text[start:place])
        start = place + len(part)
    return [*found, text[start:end]]


def _filled(message: Message, gaps: Sequence[str], own: Container[str]) -> str:
    """Put names of types, and one name from the student's cells, into their gaps; in all others stands an ellipsis."""
    said, shown, theirs = message[0], 0, 0
    for gap, part in zip(gaps, message[1:], strict=True):
        known = gap in _TYPES
        tell = shown < _MOST_SHOWN and (known or (gap in own and theirs < _MOST_OWN))
        shown, theirs = shown + tell, theirs + (tell and not known)
        said += (gap if tell else GAP) + part
    return said


@cache
def _library() -> tuple[Message, ...]:
    return tuple(tuple(line.split("{}")) for line in _MESSAGES.strip().splitlines())


@lru_cache(maxsize=8)
def _trees(cells: tuple[str, ...]) -> tuple[ast.Module, ...]:
    found = []
    for cell in cells:
        try:
            found.append(parse(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return tuple(found)


@lru_cache(maxsize=8)
def _names(cells: tuple[str, ...]) -> frozenset[str]:
    """Return the identifiers in the student's cells."""
    return frozenset(name for cell in cells for name in re.findall(r"[^\W\d]\w*", cell))


@lru_cache(maxsize=8)
def _classes(cells: tuple[str, ...]) -> frozenset[str]:
    return frozenset(n.name for tree in _trees(cells) for n in ast.walk(tree) if isinstance(n, ast.ClassDef))


@lru_cache(maxsize=8)
def _own_messages(cells: tuple[str, ...]) -> tuple[Message, ...]:
    """Return the strings in what the student's cells raise or assert, those without gaps first."""
    found = {message for tree in _trees(cells) for message in _raised(tree)}
    whole = {m for m in found if _SHORTEST <= sum(map(len, m)) <= _LONGEST}
    return tuple(sorted(whole, key=lambda message: (len(message), -sum(map(len, message)), message)))


def _raised(tree: ast.Module) -> Iterator[Message]:
    for node in ast.walk(tree):
        said = node.exc if isinstance(node, ast.Raise) else node.msg if isinstance(node, ast.Assert) else None
        for inner in [said, *(said.args if isinstance(said, ast.Call) else ())]:
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield (inner.value.strip().partition("\n")[0].strip(),)
            elif isinstance(inner, ast.JoinedStr):
                yield _parts(inner)


def _parts(joined: ast.JoinedStr) -> Message:
    parts = [""]
    for value in joined.values:
        if isinstance(value, ast.Constant):
            parts[-1] += str(value.value)
        else:
            parts.append("")
    return tuple(parts)
