"""Goes by the names of parameters and takes shared ones by identity."""

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
