"""Right answers, written differently, for `local_response_norm`."""

right(
    "band_matrix",
    "A matrix of ones along the diagonal adds up the channels.",
    answer="""
import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size < 1 or size % 2 != 1:
        raise ValueError(size)
    number = torch.arange(x.shape[1], device=x.device)
    band = ((number[:, None] - number).abs() <= size // 2).to(x.dtype)
    total = torch.einsum("ij,njhw->nihw", band, x * x)
    return x * torch.exp(-beta * torch.log(k + alpha * total))
""",
)

right(
    "channel_by_channel",
    "A loop over channels, each with a slice of its neighbours.",
    answer="""
import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size <= 0 or not size % 2:
        raise ValueError("the window needs a middle")
    r, maps = size // 2, []
    for i in range(x.shape[1]):
        neighbours = x[:, max(0, i - r) : i + r + 1]
        maps.append(x[:, i] / (k + alpha * (neighbours**2).sum(1)).pow(beta))
    return torch.stack(maps, 1)
""",
)

right(
    "running_sums",
    "Differences of cumulative sums, in float64 inside.",
    answer="""
import torch


def local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2.0):
    if size % 2 == 0 or size < 1:
        raise ValueError("odd sizes only")
    channels, r = x.shape[1], (size - 1) // 2
    total = torch.cat([torch.zeros_like(x[:, :1], dtype=torch.float64), x.double().square().cumsum(1)], 1)
    number = torch.arange(channels, device=x.device)
    window = total[:, (number + r + 1).clamp(max=channels)] - total[:, (number - r).clamp(min=0)]
    return (x.double() / (k + alpha * window) ** beta).to(x.dtype)
""",
)
