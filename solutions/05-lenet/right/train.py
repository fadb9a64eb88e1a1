"""Right answers, written differently, for `train`."""

right(
    "closure",
    "One function goes through the batches, with or without an optimiser.",
    answer="""
import torch


def train(net, train_batches, test_batches, num_epochs, lr, device):
    device = torch.device(device)
    net = net.to(device)
    step = torch.optim.SGD(net.parameters(), lr)
    loss_of = torch.nn.CrossEntropyLoss()

    def epoch(batches, learn):
        net.train(learn)
        sums = torch.zeros(3, dtype=torch.float64)
        with torch.set_grad_enabled(learn):
            for x, y in batches:
                x, y = x.to(device), y.to(device)
                out = net(x)
                loss = loss_of(out, y)
                if learn:
                    net.zero_grad()
                    loss.backward()
                    step.step()
                sums += torch.tensor([loss.item() * len(y), (out.argmax(1) == y).sum().item(), len(y)])
        loss, right, total = sums.tolist()
        return loss / total, right / total

    return [(*epoch(train_batches, True), epoch(test_batches, False)[1]) for _ in range(num_epochs)]
""",
)

right(
    "own_steps",
    "No optimiser: the steps are taken by hand, with gradients from torch.autograd.grad.",
    answer="""
import torch


def train(net, train_batches, test_batches, num_epochs, lr, device):
    net.to(device)
    weights = [p for p in net.parameters() if p.requires_grad]
    history = []
    for _ in range(num_epochs):
        net.train()
        losses, hits = [], []
        for x, y in train_batches:
            x, y = x.to(device), y.to(device)
            out = net(x)
            each = torch.nn.functional.cross_entropy(out, y, reduction="none")
            gradients = torch.autograd.grad(each.mean(), weights)
            with torch.no_grad():
                for weight, gradient in zip(weights, gradients, strict=True):
                    weight.sub_(gradient, alpha=lr)
            losses.append(each.detach())
            hits.append(out.detach().max(1).indices == y)
        net.eval()
        with torch.no_grad():
            test = [net(x.to(device)).max(1).indices == y.to(device) for x, y in test_batches]
        means = [torch.cat(parts).double().mean().item() for parts in (losses, hits, test)]
        history.append(tuple(means))
    return history
""",
)

right(
    "named_rows",
    "Rows are named tuples, and numbers come from numpy.",
    answer="""
import collections

import numpy as np
import torch

Row = collections.namedtuple("Row", "loss accuracy test")


def train(net, train_batches, test_batches, num_epochs, lr, device):
    net = net.to(device)
    optimizer = torch.optim.SGD(params=net.parameters(), lr=lr)
    criterion = torch.nn.CrossEntropyLoss()
    history = []
    for epoch in range(num_epochs):
        net.train()
        losses, hits, sizes = [], [], []
        for pictures, labels in train_batches:
            pictures, labels = pictures.to(device), labels.to(device)
            optimizer.zero_grad(set_to_none=True)
            logits = net(pictures)
            loss = criterion(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
            hits.append(int((logits.argmax(dim=1) == labels).sum()))
            sizes.append(len(labels))
        net.eval()
        with torch.no_grad():
            named = [(net(x.to(device)).argmax(1).cpu() == y.cpu()).numpy() for x, y in test_batches]
        history.append(
            Row(np.average(losses, weights=sizes), np.sum(hits) / np.sum(sizes), np.concatenate(named).mean())
        )
    return history
""",
)
