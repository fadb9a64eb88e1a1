"""Right answers, written differently, for `load_matching`."""

right(
    "load_state_dict",
    "Filters first, and lets load_state_dict copy.",
    answer="""
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
""",
)

right(
    "module_by_module",
    "Goes through parameters and buffers of each module.",
    answer="""
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
""",
)
