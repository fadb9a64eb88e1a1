"""Uses set_submodule and new_empty weights of the old kind."""

import torch


def replace_head(net, num_classes):
    nn, found = torch.nn, None
    for name, module in net.named_modules():
        if name and isinstance(module, nn.Linear | nn.Conv2d):
            found = name, module
    if found is None:
        raise ValueError("the network has no head")
    name, old = found
    extra = {"bias": old.bias is not None, "device": old.weight.device, "dtype": old.weight.dtype}
    if isinstance(old, nn.Conv2d):
        new = nn.Conv2d(
            old.weight.shape[1], num_classes, old.kernel_size, stride=old.stride, padding=old.padding, **extra
        )
    else:
        new = nn.Linear(old.weight.shape[1], num_classes, **extra)
    if not old.training:
        new.eval()
    net.set_submodule(name, new)
    return net
