"""Two groups, and one optimizer over those that train."""

import torch


def fine_tune(net, batches, way, epochs, lr, device):
    if way not in {"head", "gentle", "all"}:
        raise ValueError("head, gentle or all")
    net.to(device)
    head = [m for m in net.modules() if isinstance(m, torch.nn.Linear | torch.nn.Conv2d)][-1]
    net.requires_grad_(way != "head")
    head.requires_grad_(True)
    head_set = set(head.parameters())
    body = [p for p in net.parameters() if p not in head_set]
    groups = [{"params": sorted(head_set, key=id)}]
    if way != "head" and body:
        groups.append({"params": body, "lr": lr * 0.1 if way == "gentle" else lr})
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    history = []
    for _ in range(epochs):
        if way == "head":
            net.eval()
            head.train()
        else:
            net.train()
        sums = torch.zeros(2, dtype=torch.float64)
        for x, y in batches:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device), reduction="sum")
            (loss / len(y)).backward()
            optimizer.step()
            sums += torch.tensor([loss.item(), len(y)])
        history.append((sums[0] / sums[1]).item())
    net.eval()
    return history
