"""Right answers, written differently, for `parameter_groups`."""

right(
    "by_name",
    "Goes by the names of parameters and takes shared ones by identity.",
    answer="""
import torch


def parameter_groups(net, lr_body, lr_head):
    name = None
    for candidate, module in net.named_modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            name = candidate
    if name is None:
        raise ValueError("no head in this network")
    head_parameters = list(net.get_submodule(name).parameters())
    groups = [{"params": [], "lr": lr_body}, {"params": [], "lr": lr_head}]
    for parameter in net.parameters():
        if not parameter.requires_grad:
            continue
        groups[any(parameter is own for own in head_parameters)]["params"].append(parameter)
    return groups
""",
)

right(
    "two_filters",
    "Two list comprehensions with a set of the head.",
    answer="""
import torch


def parameter_groups(net, lr_body, lr_head):
    layers = [m for m in net.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))]
    if len(layers) == 0:
        raise ValueError("nothing that could be a head")
    head = set(layers[-1].parameters())
    return [
        {"params": [p for p in net.parameters() if p.requires_grad and p not in head], "lr": lr_body},
        {"params": [p for p in net.parameters() if p.requires_grad and p in head], "lr": lr_head},
    ]
""",
)
