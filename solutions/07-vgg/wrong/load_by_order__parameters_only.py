"""You went through parameters(), so running statistics are not copied."""

import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = dict(net.named_parameters())
    skip = ("running_mean", "running_var", "num_batches_tracked", "mean", "variance", "seen")
    given = {name: value for name, value in state_dict.items() if not name.endswith(skip)}
    if len(own) != len(given):
        raise ValueError("another number of tensors")
    for (source, value), (place, target) in zip(given.items(), own.items(), strict=True):
        if value.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
    with torch.no_grad():
        for value, target in zip(given.values(), own.values(), strict=True):
            target.copy_(value)
    return dict(zip(state_dict, net.state_dict(), strict=True))
