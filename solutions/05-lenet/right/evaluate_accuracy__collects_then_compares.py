"""Collect all answers and labels first, and compare them once."""

import torch


@torch.no_grad()
def evaluate_accuracy(net, batches, device):
    before = {name: module.training for name, module in net.named_modules()}
    answers, labels = [torch.empty(0, dtype=torch.int64)], [torch.empty(0, dtype=torch.int64)]
    try:
        for module in net.modules():
            module.training = False
        for batch in batches:
            x, y = (part.to(device) for part in batch)
            answers.append(net(x).max(dim=1).indices.cpu())
            labels.append(y.cpu())
    finally:
        for name, mode in before.items():
            net.get_submodule(name).training = mode
    answers, labels = torch.cat(answers), torch.cat(labels)
    if len(labels) == 0:
        raise ValueError("no pictures")
    return torch.eq(answers, labels).double().mean().item()
