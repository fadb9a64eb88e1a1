"""You took bn2 as the last norm of every block; a bottleneck has bn3."""

import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    blocks = [module for module in net.modules() if hasattr(module, "conv2") and hasattr(module, "bn2")]
    with torch.no_grad():
        for block in blocks:
            last = block.bn2
            last.weight.zero_()
            last.bias.zero_()
    return len(blocks)
