"""You asked for the first parameter of a network that may have none."""

import torch


def layer_shapes(net: torch.nn.Module, in_shape: tuple[int, int, int]) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return (name, kind, output shape) of each leaf of ``net`` as it runs on one picture of ``in_shape`` (C, H, W)."""
    rows: list[tuple[str, str, tuple[int, ...]]] = []
    leaves = {module: name for name, module in net.named_modules() if not list(module.children())}

    def note(module: torch.nn.Module, args: object, output: torch.Tensor) -> None:
        rows.append((leaves[module], type(module).__name__, tuple(output.shape[1:])))

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(note) for module in leaves]
    like = next(net.parameters())
    try:
        net.eval()
        with torch.no_grad():
            net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in modes.items():
            module.training = mode
    return rows
