"""You set every norm of a block to 0, so its convolutions get no signal at all."""

import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    blocks = [module for module in net.modules() if hasattr(module, "conv2") and hasattr(module, "bn2")]
    with torch.no_grad():
        for block in blocks:
            for part in block.modules():
                if isinstance(part, torch.nn.BatchNorm2d):
                    part.weight.zero_()
                    part.bias.zero_()
    return len(blocks)
