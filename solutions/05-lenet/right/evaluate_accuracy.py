"""Right answers, written differently, for `evaluate_accuracy`."""

right(
    "collects_then_compares",
    "Collect all answers and labels first, and compare them once.",
    answer="""
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
""",
)

right(
    "context_manager",
    "A context manager keeps the modes, and a generator counts.",
    answer="""
import contextlib

import torch


@contextlib.contextmanager
def evaluation(net):
    training = [module for module in net.modules() if module.training]
    net.train(False)
    try:
        yield
    finally:
        for module in training:
            module.training = True


def evaluate_accuracy(net, batches, device):
    device = torch.device(device)
    hits = []
    with evaluation(net), torch.inference_mode():
        for x, y in batches:
            hits += (torch.argsort(net(x.to(device)), dim=1)[:, -1] == y.to(device)).tolist()
    if not hits:
        raise ValueError("there is nothing to evaluate")
    return sum(hits) / len(hits)
""",
)
