"""You listed a shared parameter in both groups."""

import torch


def parameter_groups(net, lr_body, lr_head):
    heads = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]
    if not heads:
        raise ValueError("no head")
    head = [p for p in heads[-1].parameters() if p.requires_grad]
    inside = {id(p) for p in heads[-1].modules()}
    body = [
        p for part in net.modules() if id(part) not in inside for p in part.parameters(recurse=False) if p.requires_grad
    ]
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
