"""Right answers, written differently, for `replace_head`."""

right(
    "set_submodule",
    "Uses set_submodule and new_empty weights of the old kind.",
    answer="""
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
""",
)

right(
    "walks_down",
    "Looks for the parent that holds the last layer.",
    answer="""
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
""",
)

right(
    "copied_and_reset",
    "Copies the old layer, gives the copy new tensors, and starts it anew.",
    answer="""
import copy

import torch


def replace_head(net, num_classes):
    name = [n for n, m in net.named_modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)) and n]
    if not name:
        raise ValueError("no head")
    path, _, last = name[-1].rpartition(".")
    parent = net.get_submodule(path)
    new = copy.deepcopy(getattr(parent, last))
    kind = "out_features" if isinstance(new, torch.nn.Linear) else "out_channels"
    setattr(new, kind, num_classes)
    new.weight = torch.nn.Parameter(new.weight.new_empty(num_classes, *new.weight.shape[1:]))
    if new.bias is not None:
        new.bias = torch.nn.Parameter(new.bias.new_empty(num_classes))
    new.reset_parameters()
    setattr(parent, last, new)
    return net
""",
)
