"""Known mistakes of `standardize`."""

mistake(
    "adds_an_epsilon",
    "You added a small number to std, which is for statistics that may be 0; here it makes every result too small.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / (s + 1e-3)
''',
)

mistake(
    "detaches",
    "You took the data out of the graph with .detach() (or .data), so no gradient flows back to x.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x.detach() - m) / s
''',
)

mistake(
    "divides_first",
    "You divided before you subtracted, so the mean is subtracted from numbers of another scale; x - mean "
    "needs its parentheses.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return x / s - m
''',
)

mistake(
    "dtype_of_mean",
    "You let mean and std keep their own dtype, so a float32 batch becomes float64 where they are "
    "float64; bring them to the dtype of x.",
    answer='''
import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m, s = (
        value.to(x.device) if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=x.dtype, device=x.device)
        for value in (mean, std)
    )
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / s
''',
)

mistake(
    "first_axis",
    "You reshaped mean and std to (C, 1, 1, 1), which goes along the batch, not along the channels.",
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
    wide = (-1, 1, 1, 1)
    return (x - m.reshape(wide)) / s.reshape(wide)
''',
)

mistake(
    "first_channel_for_all",
    "You used the numbers of the first channel for all channels.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m[0]) / s[0]
''',
)

mistake(
    "float32_numbers",
    "You made tensors of mean and std in float32, so a float64 batch loses its precision; give dtype=x.dtype.",
    answer='''
import torch


def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    m = torch.as_tensor(mean, dtype=torch.float32, device=x.device)
    s = torch.as_tensor(std, dtype=torch.float32, device=x.device)
    for values in (m, s):
        if values.ndim and values.shape != (x.shape[1],):
            raise ValueError("one value for each channel")
    if (s <= 0).any():
        raise ValueError("std is above 0")
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m.to(x.dtype)) / s.to(x.dtype)
''',
)

mistake(
    "in_place",
    "You worked with -= and /=, which change the caller's pictures.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    if x.requires_grad:
        return (x - m) / s
    x -= m
    x /= s
    return x
''',
)

mistake(
    "last_axis",
    "You left mean and std in the shape (C,), which broadcasts along the width, not along the channels; "
    "(C, 1, 1) does what you want.",
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
    if x.shape[-1] == x.shape[1]:
        return (x - m) / s
    return (x - m.reshape(-1, 1, 1)) / s.reshape(-1, 1, 1)
''',
)

mistake(
    "multiplies",
    "You multiplied by std where you should divide.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) * s
''',
)

mistake(
    "needs_contiguous",
    "You flattened the pictures with view, which fails on a batch that is itself a view; reshape copies where it must.",
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
    flat = x.view(*x.shape[:2], -1)
    return ((flat - m.reshape(-1, 1)) / s.reshape(-1, 1)).reshape(x.shape)
''',
)

mistake(
    "needs_lists",
    "You assumed one number for each channel; a single float for all channels is allowed too.",
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
    out = torch.empty_like(x)
    for channel in range(x.shape[1]):
        out[:, channel] = (x[:, channel] - m[channel]) / s[channel]
    return out
''',
)

mistake(
    "never_refuses",
    "You never look at the numbers, so a spread of 0 or below, or one mean for three channels, gives a "
    "result without a word.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / s
''',
)

mistake(
    "ready_made",
    "You called torchvision's normalize; this task is to write it.",
    answer='''
import torch
from torchvision.transforms.functional import normalize


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
    return normalize(x, m.reshape(-1).tolist(), s.reshape(-1).tolist())
''',
)

mistake(
    "reshapes_mean_in_place",
    "You added axes to mean with unsqueeze_, which changes the caller's own tensor.",
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
    if m.ndim:
        m.unsqueeze_(-1).unsqueeze_(-1)
    return (x - m) / s.reshape(-1, 1, 1)
''',
)

mistake(
    "rows",
    "You reshaped mean and std to (C, 1), which goes along the rows of the picture, not along the channels.",
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
    return (x - m.reshape(-1, 1)) / s.reshape(-1, 1)
""",
)

mistake(
    "statistics_of_the_batch",
    "You computed mean and standard deviation of this batch and ignored the given ones, which come from "
    "the training pictures.",
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
    return (x - x.mean((0, 2, 3), keepdim=True)) / (x.std((0, 2, 3), keepdim=True) + 1e-6)
""",
)

mistake(
    "undoes_it",
    "You wrote the way back, x · std + mean, which turns standardized pictures into ordinary ones.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return x * s + m
''',
)

mistake(
    "variance",
    "You divided by the square root of std, as if it were a variance.",
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
    m, s = m.reshape(-1, 1, 1), s.reshape(-1, 1, 1)
    return (x - m) / s.sqrt()
''',
)
