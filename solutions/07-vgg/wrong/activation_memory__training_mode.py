"""You ran the network in training mode, where dropout makes new tensors and batch normalisation learns."""

import torch


def activation_memory(net: torch.nn.Module, in_shape: tuple[int, int, int], dtype: torch.dtype = torch.float32) -> int:
    """Return the bytes of the outputs of all leaves of ``net`` for one picture of ``in_shape`` (C, H, W)."""
    like = next(net.parameters(), torch.empty(0))
    picture = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)
    held, numbers = {picture.untyped_storage().data_ptr(): picture}, 0

    def add(module: torch.nn.Module, args: object, output: torch.Tensor) -> None:
        nonlocal numbers
        address = output.untyped_storage().data_ptr()
        if address not in held:
            held[address] = output
            numbers += output.numel()

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(add) for module in net.modules() if not list(module.children())]
    try:
        net.train()
        with torch.no_grad():
            net(picture)
    finally:
        for hook in hooks:
            hook.remove()
        for part, mode in modes.items():
            part.training = mode
    return numbers * dtype.itemsize
