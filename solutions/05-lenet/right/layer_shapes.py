"""Right answers, written differently, for `layer_shapes`."""

right(
    "global_hook",
    "One hook for all modules of torch, which asks whether the module is a leaf of this network.",
    answer="""
import torch


def layer_shapes(net, in_shape):
    names = {id(module): name for name, module in net.named_modules()}
    before = {name: module.training for name, module in net.named_modules()}
    rows = []

    def note(module, args, output):
        if id(module) in names and not module._modules:
            rows.append((names[id(module)], type(module).__name__, tuple(output.shape)[1:]))

    like = next(net.parameters(), torch.zeros(()))
    handle = torch.nn.modules.module.register_module_forward_hook(note)
    try:
        for module in net.modules():
            module.training = False
        with torch.no_grad():
            net(like.new_zeros(1, *in_shape))
    finally:
        handle.remove()
        for name, mode in before.items():
            net.get_submodule(name).training = mode
    return rows
""",
)

right(
    "on_a_copy",
    "Work on a copy of the network, which nobody sees afterwards.",
    answer="""
import copy

import torch


def layer_shapes(net, in_shape):
    twin = copy.deepcopy(net).eval()
    rows = []
    for name, module in twin.named_modules():
        if not len(list(module.children())):
            module.register_forward_hook(
                lambda module, args, output, name=name: rows.append(
                    (name, type(module).__name__, tuple(int(n) for n in output[0].shape))
                )
            )
    parameters = list(twin.parameters())
    settings = {"dtype": parameters[0].dtype, "device": parameters[0].device} if parameters else {}
    with torch.no_grad():
        twin(torch.rand(1, *in_shape, **settings))
    return rows
""",
)

right(
    "wraps_forward",
    "Replace the forward of each leaf by one that notes what it returns, and put it back.",
    answer="""
import torch


def layer_shapes(net, in_shape):
    names = {module: name for name, module in net.named_modules()}
    leaves = [module for module in names if next(module.children(), None) is None]
    modes = [module.training for module in names]
    rows = []

    def watched(module, forward):
        def run(*args, **kwargs):
            result = forward(*args, **kwargs)
            rows.append((names[module], module.__class__.__name__, tuple(result.size())[1:]))
            return result

        return run

    for module in leaves:
        module.forward = watched(module, module.forward)
    net.eval()
    try:
        parameter = next(iter(net.parameters()), None)
        x = torch.ones((1, *in_shape))
        if parameter is not None:
            x = x.to(parameter)
        with torch.inference_mode():
            net(x)
    finally:
        for module in leaves:
            del module.forward
        for module, mode in zip(names, modes, strict=True):
            module.training = mode
    return rows
""",
)

right(
    "sizes_of_torch",
    "Shapes are torch.Size, which is a tuple, and rows are named tuples.",
    answer="""
from typing import NamedTuple

import torch


class Row(NamedTuple):
    name: str
    kind: str
    shape: tuple


@torch.no_grad()
def layer_shapes(net, in_shape):
    parameter = next(iter(net.parameters()), torch.zeros(1))
    training = [module for module in net.modules() if module.training]
    rows, handles = [], []
    for name, module in net.named_modules():
        if len(list(module.children())) == 0:

            def hook(module, args, output, name=name):
                rows.append(Row(name, module.__class__.__name__, output.shape[1:]))

            handles.append(module.register_forward_hook(hook))
    net.eval()
    try:
        net(torch.randn(1, *in_shape).to(parameter))
    finally:
        for handle in handles:
            handle.remove()
        for module in training:
            module.training = True
    return rows
""",
)
