"""You accept names that lead nowhere, and freeze nothing."""

import torch


def freeze(net: torch.nn.Module, until: str) -> list[str]:
    """Freeze the parameters of ``net`` up to and including those of the module ``until``; return what is frozen."""
    names = [name for name, _ in net.named_parameters()]
    last = [place for place, name in enumerate(names) if name.startswith(until + ".")]
    if not last or not until:
        return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    for place, parameter in enumerate(net.parameters()):
        if place <= last[-1]:
            parameter.requires_grad_(False)
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
