"""You decided by the kind of a layer whether it makes something new; an in-place ReLU then counts."""

import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    nn = torch.nn
    like = next(net.parameters(), torch.empty(0))
    numbers = []

    def add(module, args, output):
        if not isinstance(module, (nn.Flatten, nn.Identity, nn.Dropout)):
            numbers.append(output.numel())

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(add) for module in net.modules() if not list(module.children())]
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    for hook in hooks:
        hook.remove()
    for module, mode in modes.items():
        module.training = mode
    return sum(numbers) * dtype.itemsize
