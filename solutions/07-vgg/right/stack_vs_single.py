"""Right answers, written differently, for `stack_vs_single`."""

right(
    "loop",
    "The stack grows layer by layer until it sees far enough.",
    answer="""
def stack_vs_single(c, k):
    if c <= 0 or k not in range(3, k + 1, 2):
        raise ValueError("c is at least 1, k odd and at least 3")
    layers = parameters = work = outputs = 0
    sees = 1
    while sees < k:
        layers, sees = layers + 1, sees + 2
        parameters += (3 * 3 * c + 1) * c
        work += 3 * 3 * c * c
        outputs += c
    return (layers, parameters, work, outputs), (1, (k * k * c + 1) * c, (k * c) ** 2, c)
""",
)

right(
    "real_layers",
    "Real layers are made and counted.",
    answer="""
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
""",
)
