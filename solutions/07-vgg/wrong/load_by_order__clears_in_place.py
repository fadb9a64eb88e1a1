"""You multiplied the given tensors in place."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    """Copy the tensors of ``state_dict`` into ``net`` by order; return where each went."""
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError(f"{len(state_dict)} tensors for {len(own)} places")
    pairs = list(zip(state_dict.items(), own.items(), strict=True))
    for (source, given), (place, target) in pairs:
        if given.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
    with torch.no_grad():
        for (_, given), (_, target) in pairs:
            target.copy_(given)
            given.zero_()
    return {source: place for (source, _), (place, _) in pairs}
