"""You took the last child of the network for its head, with all layers in it."""

import torch


def parameter_groups(net: torch.nn.Module, lr_body: float, lr_head: float) -> list[dict]:
    """Return the trainable parameters of ``net`` as two groups for an optimizer: body and head."""
    heads = [part for part in net.children() if list(part.parameters())]
    if not heads:
        raise ValueError("the network has no dense layer and no convolution")
    own = {id(parameter) for parameter in heads[-1].parameters()}
    free = [parameter for parameter in net.parameters() if parameter.requires_grad]
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
