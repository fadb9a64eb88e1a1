"""Filters first, and lets load_state_dict copy."""


def load_matching(net, state_dict):
    prefix = "module."
    drop = len(state_dict) > 0 and all(name[: len(prefix)] == prefix for name in state_dict)
    given = {name[len(prefix) :] if drop else name: value for name, value in state_dict.items()}
    report = {"loaded": [], "mismatched": [], "missing": [], "unexpected": []}
    own = {name: tuple(value.shape) for name, value in net.state_dict().items()}
    for name in sorted({*own, *given}):
        if name not in given:
            kind = "missing"
        elif name not in own:
            kind = "unexpected"
        else:
            kind = "loaded" if tuple(given[name].shape) == own[name] else "mismatched"
        report[kind].append(name)
    net.load_state_dict({name: given[name] for name in report["loaded"]}, strict=False)
    return report
