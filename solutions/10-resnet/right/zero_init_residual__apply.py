"""Uses Module.apply, and torch.nn.init for the zeros."""

import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    count = 0

    def visit(module: torch.nn.Module) -> None:
        nonlocal count
        if getattr(module, "conv2", None) is None or getattr(module, "bn2", None) is None:
            return
        norm = getattr(module, "bn3", module.bn2)
        torch.nn.init.zeros_(norm.weight)
        torch.nn.init.zeros_(norm.bias)
        count += 1

    net.apply(visit)
    return count
