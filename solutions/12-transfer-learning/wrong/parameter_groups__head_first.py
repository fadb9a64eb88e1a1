"""You put the head first; the body comes first."""

import torch


def parameter_groups(net: torch.nn.Module, lr_body: float, lr_head: float) -> list[dict]:
    """Return the trainable parameters of ``net`` as two groups for an optimizer: body and head."""
    heads = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]
    if not heads:
        raise ValueError("the network has no dense layer and no convolution")
    own = {id(parameter) for parameter in heads[-1].parameters()}
    free = [parameter for parameter in net.parameters() if parameter.requires_grad]
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
    return [{"params": head, "lr": lr_head}, {"params": body, "lr": lr_body}]
