"""Known mistakes of `replace_head`."""

mistake(
    "a_copy",
    "You changed a copy and gave that back; the network itself should change.",
    answer="""
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
""",
)

mistake(
    "adds_a_layer",
    "You put a new layer behind the old head; it takes the place of the old one.",
    old="""
    options = {"bias": old.bias is not None, "dtype": old.weight.dtype, "device": old.weight.device}
    if isinstance(old, torch.nn.Linear):
        new = torch.nn.Linear(old.in_features, num_classes, **options)
    else:
        new = torch.nn.Conv2d(old.in_channels, num_classes, old.kernel_size, old.stride, old.padding, **options)
    setattr(net.get_submodule(where), last, new.train(old.training))
""",
    new="""
    new = torch.nn.Linear(len(old.weight), num_classes, dtype=old.weight.dtype, device=old.weight.device)
    setattr(net.get_submodule(where), last, torch.nn.Sequential(old, new))
""",
)

mistake(
    "always_with_bias",
    "Your new head always has a bias; it has one if the old one had.",
    old="old.bias is not None",
    new="True",
)

mistake(
    "changes_modes",
    "You put the whole network into training mode.",
    old="return net",
    new="return net.train()",
)

mistake(
    "children_only",
    "You look among the children of the network only; a head may be deeper inside.",
    old="    heads = [name for name, part in net.named_modules() if name and isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="""
    heads = [
        name for name, part in net.named_children() if name and isinstance(part, torch.nn.Linear | torch.nn.Conv2d)
    ]
""",
)

mistake(
    "default_dtype",
    "You made the new head in float32, whatever the old one was.",
    old='"dtype": old.weight.dtype, "device',
    new='"device',
)

mistake(
    "dense_only",
    "You look for dense layers only; the head of SqueezeNet is a convolution.",
    old="Linear | torch.nn.Conv2d)",
    new="Linear)",
)

mistake(
    "first_layer",
    "You replaced the first layer; the head is the last one.",
    old="""
    where, _, last = heads[-1].rpartition(".")
    old = net.get_submodule(heads[-1])
""",
    new="""
    where, _, last = heads[0].rpartition(".")
    old = net.get_submodule(heads[0])
""",
)

mistake(
    "freezes_the_head",
    "You froze the new head along with the old one.",
    old="old.training))",
    new="old.training).requires_grad_(old.weight.requires_grad))",
)

mistake(
    "kernel_of_one",
    "You gave every convolution a kernel of 1 × 1; the new one is as large as the old one, with its "
    "stride and padding.",
    old="old.kernel_size, old.stride, old.padding",
    new="1",
)

mistake(
    "returns_none_without_head",
    "You gave the network back where there is no head; that is an error.",
    old='raise ValueError("the network has no dense layer and no convolution")',
    new="return net",
)

mistake(
    "thaws_everything",
    "You made all parameters trainable; those of the body stay as they were.",
    old="    setattr(net.get_submodule(where), last, new.train(old.training))",
    new="""
    setattr(net.get_submodule(where), last, new.train(old.training))
    net.requires_grad_(True)
""",
)

mistake(
    "another_start",
    "You drew the new weights from a normal distribution; a new layer starts as torch starts it.",
    old="    setattr(net.get_submodule(where), last, new.train(old.training))",
    new="""
    torch.nn.init.normal_(new.weight, std=0.01)
    setattr(net.get_submodule(where), last, new.train(old.training))
""",
)

mistake(
    "biases_of_zero",
    "You set the new biases to 0; a new layer starts as torch starts it.",
    old="    setattr(net.get_submodule(where), last, new.train(old.training))",
    new="""
    if new.bias is not None:
        torch.nn.init.zeros_(new.bias)
    setattr(net.get_submodule(where), last, new.train(old.training))
""",
)

mistake(
    "exact_class",
    "You compared types with ==; layers of a derived class are dense layers and convolutions too.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="type(part) in (torch.nn.Linear, torch.nn.Conv2d)]",
)

mistake(
    "body_copied",
    "You gave the body new parameters; they stay the same objects, which an optimizer may hold already.",
    old="    return net",
    new="""
    for part in net.modules():
        for name, value in list(part.named_parameters(recurse=False)):
            if part is not new:
                setattr(part, name, torch.nn.Parameter(value.detach().clone(), value.requires_grad))
    return net
""",
)

mistake(
    "head_in_training_mode",
    "You left the new layer in training mode where the old one was in evaluation mode.",
    old="new.train(old.training))",
    new="new)",
)

mistake(
    "keeps_old_rows",
    "You copied rows of the old head into the new one; it starts as torch starts it.",
    old="    setattr(net.get_submodule(where), last, new.train(old.training))",
    new="""
    rows = min(num_classes, len(old.weight))
    new.weight.data[:rows] = old.weight.data[:rows]
    setattr(net.get_submodule(where), last, new.train(old.training))
""",
)

mistake(
    "any_layer_with_weights",
    "You took the last layer that has weights, whatever it is; the head is a dense layer or a convolution.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="hasattr(part, 'weight')]",
)

mistake(
    "any_convolution",
    "You took convolutions of every kind for a head; it is a torch.nn.Conv2d.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="isinstance(part, torch.nn.Linear | torch.nn.modules.conv._ConvNd)]",
)

mistake(
    "mode_of_the_network",
    "You gave the new layer the mode of the network; it has that of the old one.",
    old="new.train(old.training)",
    new="new.train(net.training)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's recipe, which works for a dense head that is called fc.",
    answer="""
from torch import nn


def replace_head(net, num_classes):
    if hasattr(net, "fc"):
        net.fc = nn.Linear(net.fc.in_features, num_classes)
    else:
        net[-1] = nn.Linear(net[-1].in_features, num_classes)
    return net
""",
)

equivalent(
    "heads = [name for name, part in net.named_modules() if name and isinstance(part, torch.nn.Linear | torch.nn.Conv2d)] -> "
    "heads = [name for name, part in net.named_modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    "Only a network that is itself one single layer has the empty name, and the statement leaves that out.",
)
