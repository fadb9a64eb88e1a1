"""You put the modes back only when all went well."""

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
    except ZeroDivisionError:
        raise
    else:
        for module, mode in modes:
            module.training = mode
    if not total:
        raise ValueError("there is no picture")
    return right / total
