"""You forgot the root."""

import torch


def gradient_norms(net: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> list[tuple[str, float]]:
    """Return (name, norm of the loss's gradient) for each weight of ``net`` with at least two axes."""
    x, y = batch
    before = [(buffer, buffer.clone()) for buffer in net.buffers()]
    weights = [(name, parameter) for name, parameter in net.named_parameters() if parameter.ndim > 1]
    wanted = [parameter for _, parameter in weights if parameter.requires_grad]
    with torch.enable_grad():
        loss = torch.nn.functional.cross_entropy(net(x), y)
    gradients = iter(torch.autograd.grad(loss, wanted, allow_unused=True))
    with torch.no_grad():
        for buffer, value in before:
            buffer.copy_(value)
    found = [(name, next(gradients) if parameter.requires_grad else None) for name, parameter in weights]
    return [(name, 0.0 if gradient is None else gradient.norm().item() ** 2) for name, gradient in found]
