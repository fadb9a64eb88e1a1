"""You name only the layers that you changed; those in evaluation mode already are asked for too."""

import torch


def frozen_bn_eval(net: torch.nn.Module) -> list[str]:
    """Put the frozen batch normalisations of ``net`` into evaluation mode and return their names."""
    names = []
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            deciding = list(module.parameters()) or list(net.parameters())
            if module.training and not any(parameter.requires_grad for parameter in deciding):
                module.eval()
                names.append(name)
    return names
