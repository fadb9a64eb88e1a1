"""Right answers, written differently, for `grad_cam`."""

right(
    "a_zero_that_is_added",
    "Adds a zero that wants a gradient to the output of the layer.",
    answer="""
import torch


def grad_cam(net, layer, x, target):
    modules = list(net.modules())
    training = [module.training for module in modules]
    seen = []

    def add_zero(module, args, output):
        zero = torch.zeros_like(output).requires_grad_()
        seen.extend([output.detach().clone(), zero])
        return output + zero

    handle = net.get_submodule(layer).register_forward_hook(add_zero)
    try:
        with torch.enable_grad():
            scores = net.eval()(x)
            chosen = scores[torch.arange(len(x), device=scores.device), target]
            alpha = torch.autograd.grad(chosen.sum(), seen[1])[0].flatten(2).mean(2)
    finally:
        handle.remove()
        for module, was in zip(modules, training, strict=True):
            module.training = was
    return torch.relu((alpha[:, :, None, None] * seen[0]).sum(1))
""",
)

right(
    "on_a_copy",
    "A copy of the network, thrown away afterwards; picture by picture.",
    answer="""
import copy

import torch


@torch.enable_grad()
def grad_cam(net, layer, x, target):
    still = copy.deepcopy(net).eval()
    for parameter in still.parameters():
        parameter.requires_grad_(False)
    kept = {}

    def hook(module, args, output):
        kept["a"] = output.detach().clone().requires_grad_(True)
        return kept["a"] + 0

    dict(still.named_modules())[layer].register_forward_hook(hook)
    maps = []
    for picture, label in zip(x, target.tolist(), strict=True):
        still(picture[None])[0, label].backward()
        a, slope = kept["a"].detach()[0], kept["a"].grad[0]
        maps.append(torch.tensordot(slope.mean((1, 2)), a, 1).clamp(min=0))
    return torch.stack(maps)
""",
)
