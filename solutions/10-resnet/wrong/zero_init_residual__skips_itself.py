"""You left out the network itself, which may be a block."""

import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    blocks = [module for module in list(net.modules())[1:] if hasattr(module, "conv2") and hasattr(module, "bn2")]
    with torch.no_grad():
        for block in blocks:
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.weight.zero_()
            last.bias.zero_()
    return len(blocks)
