"""Right answers, written differently, for `standardize`."""

right(
    "batch_norm",
    "Use torch's batch normalisation with the given statistics in place of measured ones.",
    answer='''
import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.expand(x.shape[1]).contiguous(), s.expand(x.shape[1]).contiguous()
    return torch.nn.functional.batch_norm(x, m, s**2, training=False, eps=0.0)
''',
)

right(
    "channel_by_channel",
    "Take the channels one after the other, and stack them again.",
    answer='''
import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.expand(x.shape[1]), s.expand(x.shape[1])
    return torch.stack([(x[:, c] - m[c]) / s[c] for c in range(x.shape[1])], dim=1)
''',
)

right(
    "channels_last",
    "Move the channels to the end, where broadcasting wants them, and back.",
    old="""
    channels = x.shape[1]
    moments = []
    for values in (mean, std):
        moment = torch.as_tensor(values, dtype=x.dtype, device=x.device)
        if moment.ndim > 0 and tuple(moment.shape) != (channels,):
            raise ValueError(f"{channels} channels need {channels} values, not {moment.numel()}")
        moments.append(moment.reshape(-1, 1, 1))
    if bool((moments[1] <= 0).any()):
        raise ValueError("a standard deviation is above 0")
    return (x - moments[0]) / moments[1]
""",
    new="""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    return ((x.movedim(1, -1) - m) / s).movedim(-1, 1)
""",
)

right(
    "scale_and_shift",
    "Fold the division into one multiplication and one addition for each channel.",
    answer='''
import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=x.dtype, device=x.device)
    s = torch.as_tensor(std, dtype=x.dtype, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    scale = s.double().reciprocal().expand(x.shape[1])
    shift = (-m.double() * scale).expand(x.shape[1])
    return torch.einsum("nchw,c->nchw", x.double(), scale).add(shift[:, None, None]).to(x.dtype)
''',
)

right(
    "early_returns",
    "Test the numbers in plain Python first, and broadcast over four axes.",
    answer="""
import torch


def standardize(x, mean, std):
    def four_axes(values):
        if isinstance(values, (int, float)):
            values = [float(values)] * x.size(1)
        elif isinstance(values, torch.Tensor):
            values = values.tolist() if values.dim() else [values.item()] * x.size(1)
        if len(values) != x.size(1):
            raise ValueError("one number for each channel")
        return torch.tensor([float(v) for v in values], dtype=torch.float64, device=x.device).view(1, -1, 1, 1)

    mean, std = four_axes(mean), four_axes(std)
    if torch.any(std <= 0):
        raise ValueError("std is above 0")
    return ((x.double() - mean) / std).type_as(x)
""",
)
