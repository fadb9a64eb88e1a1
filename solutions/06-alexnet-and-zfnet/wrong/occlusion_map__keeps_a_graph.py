"""You work with gradients switched on, so the result drags a graph along."""

import torch


def occlusion_map(
    net: torch.nn.Module,
    x: torch.Tensor,
    target: torch.Tensor,
    size: int | tuple[int, int],
    stride: int | tuple[int, int],
) -> torch.Tensor:
    """Return how far the probability of ``target`` falls when a patch covers a part of ``x``: (N, rows, columns)."""
    (high, wide), (down, right) = ((v, v) if isinstance(v, int) else v for v in (size, stride))
    tops, lefts = range(0, x.shape[2] - high + 1, down), range(0, x.shape[3] - wide + 1, right)
    modes = {module: module.training for module in net.modules()}

    def chance(pictures):
        return net(pictures).softmax(1).gather(1, target[:, None])[:, 0]

    net.eval()
    try:
        with torch.enable_grad():
            found = []
            for top in tops:
                for left in lefts:
                    covered = x.clone()
                    covered[:, :, top : top + high, left : left + wide] = 0
                    found.append(chance(covered))
            return (chance(x) - torch.stack(found)).T.reshape(len(x), len(tops), len(lefts))
    finally:
        for module, mode in modes.items():
            module.training = mode
