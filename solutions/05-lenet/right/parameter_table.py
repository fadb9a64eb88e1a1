"""Right answers, written differently, for `parameter_table`."""

right(
    "by_name",
    "Group named_parameters, which counts shared ones once, by the name before the last dot.",
    answer="""
def parameter_table(net):
    modules = dict(net.named_modules())
    counts = {}
    for name, parameter in net.named_parameters():
        owner = name.rpartition(".")[0]
        n = parameter.numel()
        old = counts.get(owner, (0, 0))
        counts[owner] = (old[0] + n, old[1] + (n if parameter.requires_grad else 0))
    rows = [(name, type(modules[name]).__name__, *counts[name]) for name in modules if name in counts]
    everything = list(net.parameters())
    total = sum(parameter.numel() for parameter in everything)
    trainable = sum(parameter.numel() for parameter in everything if parameter.requires_grad)
    return rows + [("total", "", total, trainable)]
""",
)

right(
    "recursive",
    "Walk down the tree of modules, and remember by identity what has been counted.",
    answer="""
import math


def parameter_table(net):
    seen_modules, seen_parameters, rows = [], [], []

    def walk(name, module):
        if any(module is other for other in seen_modules):
            return
        seen_modules.append(module)
        numbers = trainable = 0
        for parameter in module._parameters.values():
            if parameter is None or any(parameter is other for other in seen_parameters):
                continue
            seen_parameters.append(parameter)
            numbers += math.prod(parameter.shape)
            trainable += math.prod(parameter.shape) * int(parameter.requires_grad)
        if numbers:
            rows.append((name, module.__class__.__name__, numbers, trainable))
        for part, child in module.named_children():
            walk(f"{name}.{part}" if name else part, child)

    walk("", net)
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    rows.append(("total", "", sum(columns[2]), sum(columns[3])))
    return rows
""",
)

right(
    "numpy_counts",
    "The counts are numpy's integers, from np.prod and np.sum.",
    answer="""
import numpy as np


def parameter_table(net):
    rows, seen = [], set()
    for name, module in net.named_modules():
        counts = np.zeros(2, dtype=np.int64)
        found = False
        for parameter in module.parameters(recurse=False):
            if parameter in seen:
                continue
            seen.add(parameter)
            found = True
            size = np.prod(parameter.shape, dtype=np.int64)
            counts += (size, size if parameter.requires_grad else 0)
        if found:
            rows.append((name, type(module).__name__, counts[0], counts[1]))
    return rows + [("total", "", np.sum([r[2] for r in rows], dtype=int), np.sum([r[3] for r in rows], dtype=int))]
""",
)
