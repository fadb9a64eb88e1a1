"""Right answers, written differently, for `activation_memory`."""

right(
    "copy_of_the_network",
    "A copy is run, so that the network itself is not touched; sharing is found by pairs.",
    answer="""
import copy

import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    net = copy.deepcopy(net).eval()
    made = [torch.zeros(1, *in_shape)]
    for parameter in net.parameters():
        made = [torch.zeros(1, *in_shape, dtype=parameter.dtype, device=parameter.device)]
        break
    picture = made[0]

    def watch(module, args, output):
        if not any(output.untyped_storage().data_ptr() == old.untyped_storage().data_ptr() for old in made):
            made.append(output)

    for module in net.modules():
        if next(module.children(), None) is None:
            module.register_forward_hook(watch)
    with torch.no_grad():
        net(picture)
    return sum(out.numel() for out in made[1:]) * torch.empty(0, dtype=dtype).element_size()
""",
)

right(
    "list_of_outputs",
    "All outputs are kept in a list, and looked at afterwards.",
    answer="""
import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    like = next(net.parameters(), torch.ones(1))
    x = torch.ones((1, *in_shape), dtype=like.dtype, device=like.device)
    outputs, handles = [x], []
    before = [(m, m.training) for m in net.modules()]
    for module in net.modules():
        if len(list(module.children())) == 0:
            handles.append(module.register_forward_hook(lambda m, a, out: outputs.append(out)))
    try:
        with torch.inference_mode():
            net.eval()(x)
    finally:
        while handles:
            handles.pop().remove()
        for module, training in before:
            module.training = training
    sizes = {}
    for out in outputs:
        sizes.setdefault(out.untyped_storage().data_ptr(), out.numel())
    return dtype.itemsize * (sum(sizes.values()) - x.numel())
""",
)

right(
    "numpy_sizes",
    "Sizes are multiplied by numpy, and the outputs are held in a list.",
    answer="""
import numpy as np
import torch


@torch.no_grad()
def activation_memory(net, in_shape, dtype=torch.float32):
    parameters = list(net.parameters())
    kind = {"dtype": parameters[0].dtype, "device": parameters[0].device} if parameters else {}
    x = torch.rand((1, *in_shape), **kind)
    held, handles, total = [x], [], []

    def note(module, args, output):
        known = {tensor.untyped_storage().data_ptr() for tensor in held}
        held.append(output)
        if output.untyped_storage().data_ptr() not in known:
            total.append(np.prod(output.shape))

    training = {module: module.training for module in net.modules()}
    for module in training:
        if not list(module.children()):
            handles.append(module.register_forward_hook(note))
    try:
        net.eval()(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in training.items():
            module.training = mode
    return np.sum(total, dtype=np.int64) * dtype.itemsize
""",
)
