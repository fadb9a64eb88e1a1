"""Known mistakes of `parameter_table`."""

mistake(
    "counts_buffers",
    "You counted the running statistics of batch normalisation, which are not parameters.",
    old="module.parameters(recurse=False)",
    new="[*module.parameters(recurse=False), *module.buffers(recurse=False)]",
)

mistake(
    "counts_parts_too",
    "You counted the parameters of a module’s parts with its own, so containers are listed and the total is too large.",
    old="[p for p in module.parameters(recurse=False) if id(p) not in counted]",
    new="list(module.parameters(recurse=True))",
)

mistake(
    "counts_tensors",
    "You counted tensors, not the numbers in them.",
    old=", sum(p.numel() for p in own)",
    new=", len(own)",
)

mistake(
    "equal_values_once",
    "You compared parameters by value, so two layers that happen to hold the same numbers count as one.",
    answer='''
import torch


def parameter_table(net: torch.nn.Module) -> list[tuple[str, str, int, int]]:
    """Return (name, kind, parameters, trainable) of each module with parameters of its own, and the total."""
    rows: list[tuple[str, str, int, int]] = []
    counted: list[torch.Tensor] = []
    for name, module in net.named_modules():
        own = [
            p
            for p in module.parameters(recurse=False)
            if not any(p.shape == q.shape and torch.equal(p, q) for q in counted)
        ]
        counted += own
        if own:
            trainable = sum(p.numel() for p in own if p.requires_grad)
            rows.append((name, type(module).__name__, sum(p.numel() for p in own), trainable))
    return [*rows, ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))]
''',
)

mistake(
    "leaves_only",
    "You looked at leaves only; a module with parts may hold parameters of its own too.",
    old="if own:",
    new="if own and not list(module.children()):",
)

mistake(
    "lists_empty",
    "You listed modules without parameters.",
    old="if own:",
    new="if not list(module.children()):",
)

mistake(
    "no_total",
    "You forgot the last row, the total.",
    old='[*rows, ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))]',
    new="rows",
)

mistake(
    "shared_twice",
    "You counted a shared parameter for each module that has it.",
    old="[p for p in module.parameters(recurse=False) if id(p) not in counted]",
    new="list(module.parameters(recurse=False))",
)

mistake(
    "skips_frozen",
    "You left frozen parameters out of the count; they are only not trainable.",
    old="not in counted]",
    new="not in counted and p.requires_grad]",
)

mistake(
    "trainable_by_layer",
    "You asked only the first parameter of a layer whether it is trainable.",
    old="trainable = sum(p.numel() for p in own if p.requires_grad)",
    new="trainable = sum(p.numel() for p in own) * own[0].requires_grad",
)

mistake(
    "freezes_the_network",
    "You froze the network while you counted.",
    old="    return [*rows,",
    new="    net.requires_grad_(False)\n    return [*rows,",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop over convolutions and dense layers, which knows no others, and counts what is shared twice.",
    answer="""
import torch
from torch import nn


def parameter_table(net):
    rows = []
    for name, layer in net.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            parameters = layer.weight.numel() + layer.bias.numel()
            trainable = parameters if layer.weight.requires_grad else 0
            rows.append((name, layer.__class__.__name__, parameters, trainable))
    return [*rows, ("total", "", sum(row[2] for row in rows), sum(row[3] for row in rows))]
""",
)
