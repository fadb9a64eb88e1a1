"""You put every frozen module into evaluation mode, dropout and convolutions too."""

import torch


def frozen_bn_eval(net: torch.nn.Module) -> list[str]:
    """Put the frozen batch normalisations of ``net`` into evaluation mode and return their names."""
    names = []
    for name, module in net.named_modules():
        if name:
            deciding = list(module.parameters()) or list(net.parameters())
            if not any(parameter.requires_grad for parameter in deciding):
                module.eval()
                names.append(name)
    return names
