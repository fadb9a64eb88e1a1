"""Two list comprehensions with a set of the head."""

import torch


def parameter_groups(net, lr_body, lr_head):
    layers = [m for m in net.modules() if type(m) in (torch.nn.Linear, torch.nn.Conv2d)]
    if len(layers) == 0:
        raise ValueError("nothing that could be a head")
    head = set(layers[-1].parameters())
    return [
        {"params": [p for p in net.parameters() if p.requires_grad and p not in head], "lr": lr_body},
        {"params": [p for p in net.parameters() if p.requires_grad and p in head], "lr": lr_head},
    ]
