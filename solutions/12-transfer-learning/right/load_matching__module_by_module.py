"""Goes through parameters and buffers of each module."""


def load_matching(net, state_dict):
    names = list(state_dict)
    if names and not [name for name in names if not name.startswith("module.")]:
        state_dict = {name.split(".", 1)[1]: value for name, value in state_dict.items()}
    own = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    loaded, mismatched = [], []
    for name, target in own.items():
        value = state_dict.get(name)
        if value is None:
            continue
        if value.shape != target.shape:
            mismatched.append(name)
            continue
        target.data.copy_(value)
        loaded.append(name)
    return {
        "loaded": sorted(loaded),
        "mismatched": sorted(mismatched),
        "missing": sorted(set(own).difference(state_dict)),
        "unexpected": sorted(set(state_dict).difference(own)),
    }
