"""Known mistakes of `kaiming_normal`."""

mistake(
    "fan_out",
    "You use the fan-out: the outputs times the kernel’s size, in place of the inputs times it.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = w.shape[0] * math.prod(w.shape[2:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "forgets_kernel",
    "You count the input channels and forget the kernel’s cells.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = w.shape[1]
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "never_refuses",
    "You accept a tensor without inputs, which has no fan-in.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / max(fan_in, 1))
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "new_tensor",
    "You return a new tensor and leave w as it was; the name’s last _ says that it works in place.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    return torch.randn(w.shape, dtype=w.dtype, device=w.device) * std
""",
)

mistake(
    "positive_only",
    "You take the magnitude of the numbers, so all weights are positive.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std).abs_()
    return w
""",
)

mistake(
    "ready_made",
    "You called torch’s own initialisation; this task is to write it.",
    old="""
    if w.ndim < 2:
        raise ValueError("a weight has outputs and inputs")
    with torch.no_grad():
        return w.normal_(0, (2 / w[0].numel()) ** 0.5)
""",
    new="""
    if w.dim() < 2:
        raise ValueError("no fan-in")
    return torch.nn.init.kaiming_normal_(w, nonlinearity="relu")
""",
)

mistake(
    "ready_made_fan",
    "You let torch.nn.init find the fan-in; work it out from the shape.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = torch.nn.init._calculate_fan_in_and_fan_out(w)[0]
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "records_gradients",
    "You write into a parameter without torch.no_grad(), which autograd refuses.",
    answer="""
import math


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    w.normal_(0, std)
    return w
""",
)

mistake(
    "returns_nothing",
    "You fill w and forget to return it.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
""",
)

mistake(
    "same_every_time",
    "You set the seed inside, so every call gives the same weights.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.copy_(torch.randn(w.shape, generator=torch.Generator().manual_seed(0)) * std)
    return w
""",
)

mistake(
    "square_kernel",
    "You count a kernel as square, as high as it is wide.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = w.shape[1] * w.shape[2] ** (w.dim() - 2) if w.dim() > 2 else w.shape[1]
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "turns_gradients_off",
    "You turn off the parameter’s requires_grad, so it would never be trained.",
    answer="""
import math


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    w.requires_grad_(False)
    w.normal_(0, std)
    return w
""",
)

mistake(
    "two_kernel_axes",
    "You take exactly two kernel axes for granted; a weight may have none, one or three.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:2]) * math.prod(w.shape[2:4])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "uniform",
    "You draw from a uniform distribution; this one is to be normal.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(2 / fan_in)
    with torch.no_grad():
        w.uniform_(-std * 3**0.5, std * 3**0.5)
    return w
""",
)

mistake(
    "variance_as_deviation",
    "You use the variance 2 / fan-in as the standard deviation; the root is missing.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = 2 / fan_in
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "without_gain",
    "You use a variance of 1 / fan-in, without the 2 that makes up for the ReLU.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    std = math.sqrt(1 / fan_in)
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "xavier",
    "You use the mean of fan-in and fan-out; that is the initialisation of Glorot and Bengio.",
    answer="""
import math

import torch


def kaiming_normal_(w):
    if w.dim() < 2:
        raise ValueError("no fan-in")
    fan_in = math.prod(w.shape[1:])
    fan_out = w.shape[0] * math.prod(w.shape[2:])
    std = math.sqrt(4 / (fan_in + fan_out))
    with torch.no_grad():
        w.normal_(0, std)
    return w
""",
)

mistake(
    "needs_two_filters",
    "You look at the second filter for the fan-in, and a weight may have only one.",
    old="w[0].numel()",
    new="w[1].numel()",
)

mistake(
    "other_memory",
    "You gave w other memory (w.data = …); in place means that what shares its memory sees the new numbers.",
    old="return w.normal_(0, (2 / w[0].numel()) ** 0.5)",
    new="w.data = torch.randn_like(w) * (2 / w[0].numel()) ** 0.5\n        return w",
)

mistake(
    "generator_of_numpy",
    "You draw with numpy, so that torch.manual_seed does not make the numbers repeatable.",
    old="return w.normal_(0, (2 / w[0].numel()) ** 0.5)",
    new="numbers = __import__('numpy').random.normal(0, (2 / w[0].numel()) ** 0.5, tuple(w.shape))\n"
    "        return w.copy_(torch.as_tensor(numbers))",
)

mistake(
    "leaves_gradients_off",
    "You switch gradients off and not on again.",
    old="    with torch.no_grad():\n        return",
    new="    torch.set_grad_enabled(False)\n    if True:\n        return",
)

mistake(
    "one_too_many",
    "You count one input more than there are.",
    old="w[0].numel()) ** 0.5",
    new="(w[0].numel() + 1)) ** 0.5",
)

mistake(
    "cut_at_three",
    "You cut the numbers off at three standard deviations; a normal distribution has no bounds.",
    old="return w.normal_(0, (2 / w[0].numel()) ** 0.5)",
    new="spread = (2 / w[0].numel()) ** 0.5\n        return w.normal_(0, spread).clamp_(-3 * spread, 3 * spread)",
)

mistake(
    "needs_order_in_memory",
    "You use view, which needs numbers that lie in order in memory.",
    old="return w.normal_(0, (2 / w[0].numel()) ** 0.5)",
    new="w.view(-1).normal_(0, (2 / w[0].numel()) ** 0.5)\n        return w",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the weights of the chapter, which are a new tensor, and forgot the kernel in the fan-in.",
    answer="""
import torch


def kaiming_normal_(w):
    return torch.randn(w.shape) * (2 / w.shape[1]) ** 0.5
""",
)

equivalent(
    "return w.normal_(0, (2 / w[0].numel()) ** 0.5) -> return w.normal_(0, (2 / w[-1].numel()) ** 0.5)",
    "The last filter is as large as the first.",
)
