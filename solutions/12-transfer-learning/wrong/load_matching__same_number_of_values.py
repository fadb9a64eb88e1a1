"""You compared numbers of values, not shapes."""

import torch


def load_matching(net: torch.nn.Module, state_dict: dict) -> dict[str, list[str]]:
    """Copy the entries of ``state_dict`` that fit into ``net``; return which did and which did not."""
    given = dict(state_dict)
    if given and all(name.startswith("module.") for name in given):
        given = {name.removeprefix("module."): value for name, value in given.items()}
    own = net.state_dict()
    both = own.keys() & given.keys()
    loaded = sorted(name for name in both if own[name].numel() == given[name].numel())
    with torch.no_grad():
        for name in loaded:
            own[name].copy_(given[name].reshape(own[name].shape))
    return {
        "loaded": loaded,
        "mismatched": sorted(both - set(loaded)),
        "missing": sorted(own.keys() - given.keys()),
        "unexpected": sorted(given.keys() - own.keys()),
    }
