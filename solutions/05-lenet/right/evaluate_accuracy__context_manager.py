"""A context manager keeps the modes, and a generator counts."""

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
