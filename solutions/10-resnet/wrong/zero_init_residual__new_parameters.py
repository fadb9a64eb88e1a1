"""You put new parameters in place of the old ones, which an optimizer still holds."""

import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    blocks = [module for module in net.modules() if hasattr(module, "conv2") and hasattr(module, "bn2")]
    with torch.no_grad():
        for block in blocks:
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.weight = torch.nn.Parameter(torch.zeros_like(last.weight))
            last.bias = torch.nn.Parameter(torch.zeros_like(last.bias))
    return len(blocks)
