"""Your maps drag a graph along."""

import torch


def grad_cam(net: torch.nn.Module, layer: str, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return where the output of ``layer`` speaks for ``target``: maps (N, h, w), not negative."""
    kept, modes = [], {module: module.training for module in net.modules()}

    def keep(module, args, output):
        kept.append(output.detach().requires_grad_())
        return kept[-1].clone()

    hook = net.get_submodule(layer).register_forward_hook(keep)
    net.eval()
    try:
        with torch.enable_grad():
            score = net(x).gather(1, target[:, None]).sum()
            (slope,) = torch.autograd.grad(score, kept[-1])
    finally:
        hook.remove()
        for module, mode in modes.items():
            module.training = mode
    return (slope.mean((2, 3), keepdim=True) * kept[-1]).sum(1).clamp(min=0)
