"""Asks the layer whether it has parameters."""

import torch


def frozen_bn_eval(net):
    trainable = any(p.requires_grad for p in net.parameters())
    names = [
        name
        for name, module in net.named_modules()
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
        and (
            (module.affine and not module.weight.requires_grad and not module.bias.requires_grad)
            or (not module.affine and not trainable)
        )
    ]
    for name in names:
        net.get_submodule(name).train(False)
    return names
