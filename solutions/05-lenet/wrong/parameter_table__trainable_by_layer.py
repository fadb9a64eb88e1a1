"""You asked only the first parameter of a layer whether it is trainable."""

import torch


def parameter_table(net: torch.nn.Module) -> list[tuple[str, str, int, int]]:
    """Return (name, kind, parameters, trainable) of each module with parameters of its own, and the total."""
    rows: list[tuple[str, str, int, int]] = []
    counted: set[int] = set()
    for name, module in net.named_modules():
        own = [p for p in module.parameters(recurse=False) if id(p) not in counted]
        counted.update(map(id, own))
        if own:
            trainable = sum(p.numel() for p in own) * own[0].requires_grad
            rows.append((name, type(module).__name__, sum(p.numel() for p in own), trainable))
    return [*rows, ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))]
