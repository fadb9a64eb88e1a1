"""You call a layer frozen if one of its two parameters is; both must be."""

import torch


def frozen_bn_eval(net: torch.nn.Module) -> list[str]:
    """Put the frozen batch normalisations of ``net`` into evaluation mode and return their names."""
    names = []
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            deciding = list(module.parameters()) or list(net.parameters())
            if not all(parameter.requires_grad for parameter in deciding):
                module.eval()
                names.append(name)
    return names
