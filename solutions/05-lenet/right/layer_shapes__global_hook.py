"""One hook for all modules of torch, which asks whether the module is a leaf of this network."""

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
