"""Right answers, written differently, for `frozen_bn_eval`."""

right(
    "affine",
    "Asks the layer whether it has parameters.",
    answer="""
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
""",
)

right(
    "three_classes",
    "Asks for the three classes by name.",
    answer="""
import torch


def frozen_bn_eval(net):
    kinds = (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d, torch.nn.BatchNorm3d)
    whole = not any(p.requires_grad for p in net.parameters())
    found = []
    for name, layer in net.named_modules():
        if not isinstance(layer, kinds):
            continue
        own = [p.requires_grad for p in layer.parameters()]
        if (own and not any(own)) or (not own and whole):
            layer.training = False
            found.append(name)
    return found
""",
)
