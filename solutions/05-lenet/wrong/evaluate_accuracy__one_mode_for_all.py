"""You put back the mode of the whole network only; its parts may differ."""

import torch


def evaluate_accuracy(net: torch.nn.Module, batches: object, device: torch.device | str) -> float:
    """Return the fraction of the pictures of ``batches`` whose class ``net`` names rightly."""
    modes = [(module, module.training) for module in net.modules()]
    right = total = 0
    try:
        net.eval()
        with torch.no_grad():
            for x, y in batches:
                named = net(x.to(device)).argmax(1)
                right += (named == y.to(device)).sum().item()
                total += len(y)
    finally:
        net.train(modes[0][1])
    if not total:
        raise ValueError("there is no picture")
    return right / total
