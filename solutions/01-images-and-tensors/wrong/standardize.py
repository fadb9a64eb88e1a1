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

mistake(
    "spoils_its_argument",
    "You emptied the lists after their numbers were used; the caller's lists stay as they are.",
    old="    return (x - moments[0]) / moments[1]",
    new="""
    for values in (mean, std):
        if isinstance(values, list):
            values.clear()
    return (x - moments[0]) / moments[1]
""",
)

mistake(
    "lengthens_the_list",
    "You appended to the caller's list; a copy, list(mean), would be yours.",
    old="    return (x - moments[0]) / moments[1]",
    new="""
    if isinstance(mean, list):
        mean.append(0.0)
    return (x - moments[0]) / moments[1]
""",
)

mistake(
    "one_value_in_a_list",
    "You let a list of one number count for all channels; only a plain float does.",
    old="if moment.ndim > 0 and tuple(moment.shape) != (channels,):",
    new="if moment.ndim > 0 and tuple(moment.shape) not in ((channels,), (1,)):",
)

mistake(
    "tests_mean_alone",
    "You count the values of mean only; std needs one for each channel, too.",
    old="        if moment.ndim > 0 and tuple(moment.shape) != (channels,):",
    new="        if moment.ndim > 0 and values is mean and tuple(moment.shape) != (channels,):",
)

mistake(
    "broadcasts_one_channel",
    "You accept three values for a picture of one channel, which broadcasting then makes three.",
    old="if moment.ndim > 0 and tuple(moment.shape) != (channels,):",
    new="if moment.ndim > 0 and channels > 1 and tuple(moment.shape) != (channels,):",
)

mistake(
    "tests_numbers_only",
    "You test the standard deviations only when they are no tensor.",
    old="if bool((moments[1] <= 0).any()):",
    new="if not isinstance(std, torch.Tensor) and bool((moments[1] <= 0).any()):",
)

mistake(
    "tests_the_first",
    "You test the first standard deviation only; none may be 0 or below.",
    old="if bool((moments[1] <= 0).any()):",
    new="if bool((moments[1] <= 0).all()) or moments[1].flatten()[0] <= 0:",
)

mistake(
    "returns_x_itself",
    "You returned x itself where nothing has to be done; the statement asks for a new tensor.",
    old="    return (x - moments[0]) / moments[1]",
    new="""
    if isinstance(mean, float) and isinstance(std, float) and mean == 0 and std == 1:
        return x
    return (x - moments[0]) / moments[1]
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the line of the chapter: there mean and std are tensors (C, 1, 1), here they are "
    "numbers, lists or tensors (C,).",
    answer="""
import torch


def standardize(x, mean, std):
    z = (x - mean) / std
    return z
""",
)

equivalent(
    "moment = torch.as_tensor(values, dtype=x.dtype, device=x.device) -> "
    "moment = torch.as_tensor(values, dtype=x.dtype)",
    "On the CPU it is the same; where CONVLAB_DEVICE names another device, the checks of lists and numbers fail it.",
)
equivalent(
    "if moment.ndim > 0 and tuple(moment.shape) != (channels,): -> if moment.ndim > 0 and moment.shape != (channels,):",
    "A torch.Size is a tuple.",
)
equivalent(
    "moments.append(moment.reshape(-1, 1, 1)) -> moments.append(moment.view(-1, 1, 1))",
    "One axis can always be viewed as three, whatever its stride.",
)
