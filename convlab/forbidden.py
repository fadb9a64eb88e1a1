"""What an answer must not call: the field's ready-made operations, in groups that an author names in one word.

Needs nothing but Python, so that an author's mistake is found without importing torch.
"""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass

__all__ = ["CONVOLUTION", "GROUPS", "UNFOLDING", "Forbidden", "forbid"]


@dataclass(frozen=True)
class Forbidden:
    """What an answer must not call.

    ``names`` are patterns of dotted names of functions, classes and modules; ``ops`` are patterns of torch operations
    (``aten::convolution``). ``instead`` tells the student what to use, as the end of a sentence.
    """

    what: str
    names: tuple[str, ...]
    ops: tuple[str, ...]
    instead: str


CONVOLUTION = Forbidden(
    what="a ready-made convolution",
    names=(
        "torch.*[cC]onv*[1-3]d*",
        "torch.*convolution*",
        "torch.*conv_tbc*",
        "numpy.convolve",
        "numpy.correlate",
        "scipy.signal*",
        "scipy.ndimage*",
    ),
    ops=("*convolution*", "*conv[1-3]d*", "*conv_tbc*", "*conv_depthwise*", "*slow_conv*", "*conv_transpose*"),
    instead="multiply windows of the input by the kernel, and sum",
)

UNFOLDING = Forbidden(
    what="a ready-made unfold or fold",
    names=(
        "torch.nn.functional.unfold",
        "torch.nn.functional.fold",
        "torch.nn*.Unfold",
        "torch.nn*.Fold",
        "torch.*im2col*",
        "torch.*col2im*",
    ),
    ops=("*im2col*", "*col2im*"),
    instead="cut the windows out with slices or strides",
)

GROUPS = {
    "convolution": CONVOLUTION,
    "unfolding": UNFOLDING,
    "pooling": Forbidden(
        what="a ready-made pooling",
        names=("torch.*[pP]ool*", "torch.*interpolate", "torchvision*", "scipy.ndimage*", "d2l*"),
        ops=("*pool*",),
        instead="cut the windows out with slices or strides",
    ),
    "max_pooling": Forbidden(
        what="a ready-made max pooling",
        names=("torch.*[mM]ax_*pool*", "torch.*Max*[pP]ool*", "torch.*max_unpool*", "torchvision*", "d2l*"),
        ops=("*max_pool*", "*max_unpool*"),
        instead="cut out the windows, and find where in each the maximum is",
    ),
    "rectifiers": Forbidden(
        what="a ready-made rectifier",
        names=("torch.*relu*", "torch.*ReLU*", "torch.*[tT]hreshold*", "torch.*[hH]ardtanh*"),
        ops=("*relu*", "*threshold*", "*hardtanh*"),
        instead="choose between x and 0 for each element",
    ),
    "softmax": Forbidden(
        what="a ready-made softmax",
        names=(
            "torch.*[sS]oftm*",
            "torch.*logsumexp*",
            "torch.*logaddexp*",
            "torch.*scaled_dot_product*",
            "scipy.special*",
        ),
        ops=("*softm*", "*logsumexp*", "*logaddexp*"),
        instead="take exponentials, and divide by their sum",
    ),
    "losses": Forbidden(
        what="a ready-made loss or softmax",
        names=(
            *("torch.*[sS]oftm*", "torch.*logsumexp*", "torch.*logaddexp*", "torch.*[lL]oss*"),
            *("torch.*cross_entropy*", "torch.*kl_div*", "scipy.special*"),
        ),
        ops=("*softm*", "*logsumexp*", "*logaddexp*", "*loss*", "*kl_div*", "*cross_entropy*"),
        instead="write the loss with logarithms and sums",
    ),
    "dropout": Forbidden(
        what="a ready-made dropout",
        names=("torch.*[dD]ropout*", "torch.*stochastic_depth*", "torchvision*", "d2l*", "timm*"),
        ops=("*dropout*",),
        instead="draw random numbers, and compare them with p",
    ),
    "normalisation": Forbidden(
        what="a ready-made normalisation",
        names=(
            "torch.*Norm*",
            "torch.*batch_norm*",
            "torch.*layer_norm*",
            "torch.*group_norm*",
            "torch.*instance_norm*",
        ),
        ops=("*batch_norm*", "*layer_norm*", "*group_norm*", "*instance_norm*", "*rms_norm*"),
        instead="take mean and variance over the axes that are normalised",
    ),
    "local_response_norm": Forbidden(
        what="a ready-made local response normalisation",
        names=(
            "torch.*local_response_norm*",
            "torch.*LocalResponseNorm*",
            "torch.*CrossMapLRN*",
            "torchvision*",
            "d2l*",
        ),
        ops=(),
        instead="add up the squares of the channels around each",
    ),
    "initialisation": Forbidden(
        what="a ready-made initialisation",
        names=("torch.nn.init*",),
        ops=(),
        instead="work out the fan-in, and draw normal numbers of that spread",
    ),
    "autograd": Forbidden(
        what="automatic differentiation",
        names=(
            *("torch.autograd.grad", "torch.autograd.backward", "torch.autograd.functional*"),
            *("torch.autograd.forward_ad*", "torch.func.*", "torch.nn.grad*"),
        ),
        ops=("*_backward",),
        instead="work the derivative out, and compute it with plain tensor operations",
    ),
    "backward": Forbidden(
        what="automatic differentiation",
        names=("torch.autograd.grad", "torch.autograd.backward", "torch.autograd.function*", "torch.func*"),
        ops=("*threshold_backward*", "*clamp_backward*"),
        instead="go back through the layers yourself, one after the other",
    ),
    "optimizers": Forbidden(
        what="a ready-made optimizer",
        names=("torch.optim*",),
        ops=("*fused_sgd*", "*fused_adam*"),
        instead="write the formulas of the step down, one after the other",
    ),
    "torchvision": Forbidden(
        what="a ready-made function of torchvision",
        names=("torchvision*",),
        ops=(),
        instead="use tensor operations",
    ),
    "networks": Forbidden(
        what="a ready-made answer",
        names=("torchvision*", "torch.hub*", "d2l*", "timm*", "convlab.networks*"),
        ops=(),
        instead="write it here",
    ),
}

SHORT = {"F.": "torch.nn.functional.", "nn.": "torch.nn.", "np.": "numpy."}


def forbid(*names: str, instead: str = "") -> list[Forbidden]:
    """Return what the ``names`` forbid: words of ``GROUPS``, and patterns of dotted names such as ``F.conv2d``.

    A group knows the operations that torch carries out, so it also finds a call that is hidden in the source; a dotted
    name is searched in the source alone. ``instead`` tells the student what to use in place of any of them.

    Raises:
        ValueError: a word is no group.
    """
    found: list[Forbidden] = []
    patterns: list[str] = []
    for name in names:
        if name in GROUPS:
            found.append(dataclasses.replace(GROUPS[name], instead=instead or GROUPS[name].instead))
        elif "." in name or "*" in name:
            short = next((short for short in SHORT if name.startswith(short)), "")
            patterns.append(SHORT[short] + name.removeprefix(short) if short else name)
        else:
            near = difflib.get_close_matches(name, GROUPS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(GROUPS)}."
            raise ValueError(f"There is no group {name!r} to forbid: {hint}")
    if patterns:
        found.append(Forbidden("a ready-made answer", tuple(patterns), (), instead or "write it here"))
    return found
