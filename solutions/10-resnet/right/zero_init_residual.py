"""Right answers, written differently, for `zero_init_residual`."""

right(
    "apply",
    "Uses Module.apply, and torch.nn.init for the zeros.",
    answer="""
import torch


def zero_init_residual(net: torch.nn.Module) -> int:
    count = 0

    def visit(module: torch.nn.Module) -> None:
        nonlocal count
        if getattr(module, "conv2", None) is None or getattr(module, "bn2", None) is None:
            return
        norm = getattr(module, "bn3", module.bn2)
        torch.nn.init.zeros_(norm.weight)
        torch.nn.init.zeros_(norm.bias)
        count += 1

    net.apply(visit)
    return count
""",
)

right(
    "by_name",
    "Goes by the names of the parameters in the state dict.",
    answer="""
def zero_init_residual(net):
    state = dict(net.named_parameters())
    stems = [
        name for name, module in net.named_modules() if {"conv2", "bn2"} <= {n for n, _ in module.named_children()}
    ]
    for stem in stems:
        front = f"{stem}." if stem else ""
        norm = front + ("bn3" if f"{front}bn3.weight" in state else "bn2")
        for kind in ("weight", "bias"):
            state[f"{norm}.{kind}"].data.fill_(0.0)
    return len(stems)
""",
)
