"""In the way "head" you did not freeze the body."""

import torch


def fine_tune(
    net: torch.nn.Module, batches: object, way: str, epochs: int, lr: float, device: torch.device | str
) -> list[float]:
    """Train ``net`` in place in one of three ways; return the mean loss of each epoch."""
    if way not in ("head", "gentle", "all"):
        raise ValueError(f"no way is called {way!r}")
    net.to(device)
    head = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][-1]
    own = {id(parameter) for parameter in head.parameters()}
    groups = [{"params": list(head.parameters()), "lr": lr}]
    for parameter in net.parameters():
        parameter.requires_grad_(True)
        if way != "head" and id(parameter) not in own:
            groups.append({"params": [parameter], "lr": lr / 10 if way == "gentle" else lr})
    optimizer = torch.optim.SGD(groups, lr, momentum=0.9)
    net.train(way != "head")
    head.train()
    losses = []
    for _ in range(epochs):
        loss_sum = pictures = 0
        for x, y in batches:
            loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(y)
            pictures += len(y)
        losses.append(loss_sum / pictures)
    net.eval()
    return losses
