"""You changed a copy and gave that back; the network itself should change."""

import copy

import torch


def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    heads = [(n, m) for n, m in net.named_modules() if n and isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))]
    if not heads:
        raise ValueError("no head")
    name, old = heads[-1]
    options = {"bias": old.bias is not None, "dtype": old.weight.dtype, "device": old.weight.device}
    if isinstance(old, torch.nn.Linear):
        new = torch.nn.Linear(old.in_features, num_classes, **options)
    else:
        new = torch.nn.Conv2d(old.in_channels, num_classes, old.kernel_size, old.stride, old.padding, **options)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net
