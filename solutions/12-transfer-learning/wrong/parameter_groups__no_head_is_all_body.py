"""You gave an empty head where there is none; that is an error."""

import torch


def parameter_groups(net: torch.nn.Module, lr_body: float, lr_head: float) -> list[dict]:
    """Return the trainable parameters of ``net`` as two groups for an optimizer: body and head."""
    heads = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]
    if not heads:
        return [{"params": list(net.parameters()), "lr": lr_body}, {"params": [], "lr": lr_head}]
    own = {id(parameter) for parameter in heads[-1].parameters()}
    free = [parameter for parameter in net.parameters() if parameter.requires_grad]
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
