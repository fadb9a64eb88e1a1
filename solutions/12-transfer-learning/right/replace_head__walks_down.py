"""Looks for the parent that holds the last layer."""

import torch


def replace_head(net, num_classes):
    order = [m for m in net.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))]
    if not order:
        raise ValueError("there is no head")
    old, bias = order[-1], order[-1].bias is not None
    if isinstance(old, torch.nn.Linear):
        new = torch.nn.Linear(old.in_features, num_classes, bias)
    else:
        new = torch.nn.Conv2d(old.in_channels, num_classes, old.kernel_size, old.stride, old.padding, bias=bias)
    new.to(old.weight).training = old.training
    for part in net.modules():
        for name, child in list(part.named_children()):
            if child is old:
                part._modules[name] = new
    return net
