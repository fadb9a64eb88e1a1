"""Real layers are made and counted."""

import torch


def stack_vs_single(c, k):
    depth, rest = divmod(k - 1, 2)
    if rest or depth < 1 or c < 1:
        raise ValueError("nothing to compare")
    rows = []
    for count, side in ((depth, 3), (1, k)):
        net = torch.nn.Sequential(*[torch.nn.Conv2d(c, c, side, device="meta") for _ in range(count)])
        total = sum(p.numel() for p in net.parameters())
        rows.append(
            (count, total, sum(layer.weight.numel() for layer in net), sum(layer.bias.numel() for layer in net))
        )
    return tuple(rows)
