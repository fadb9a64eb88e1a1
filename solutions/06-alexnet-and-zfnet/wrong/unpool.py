"""Known mistakes of `unpool`."""

mistake(
    "averages",
    "Of several values with the same switch you take the mean; they add up.",
    answer='''
import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_reduce(2, switches.flatten(2), y.flatten(2), "mean", include_self=False).unflatten(
        2, tuple(size)
    )
''',
)

mistake(
    "clears_the_values",
    "You emptied y while moving its values.",
    answer='''
import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    result = flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
    if not y.requires_grad:
        y.zero_()
    return result
''',
)

mistake(
    "counts_by_column",
    "You read a switch as column · H + row; it is row · W + column.",
    old=", tuple(size))",
    new=", (size[1], size[0])).transpose(2, 3)",
)

mistake(
    "detaches",
    "You cut the result off from y, so no gradient comes back.",
    old="(2)).unflatten",
    new="(2).detach()).unflatten",
)

mistake(
    "fills_the_windows",
    "You filled whole windows with the value; only the place of the switch gets it.",
    old="""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
""",
    new='    return torch.nn.functional.interpolate(y, size=tuple(size), mode="nearest")',
)

mistake(
    "first_channel_for_all",
    "You used the switches of the first channel for all of them.",
    old=", switches.flatten(",
    new=", switches[:, :1].expand_as(y).flatten(",
)

mistake(
    "first_picture_for_all",
    "You used the switches of the first picture for the whole batch.",
    old=", switches.flatten(",
    new=", switches[:1].expand_as(y).flatten(",
)

mistake(
    "float32",
    "Your zeros are float32, whatever y is.",
    old="""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
""",
    new="""
    flat = torch.zeros(*y.shape[:2], size[0] * size[1], device=y.device)
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2).float()).unflatten(2, tuple(size))
""",
)

mistake(
    "keeps_one",
    "Of several values with the same switch you keep one; they add up.",
    old=".scatter_add(",
    new=".scatter(",
)

mistake(
    "nothing_below_zero",
    "You dropped the negative values; that is the job of the ReLU.",
    old="(2)).unflatten",
    new="(2).clamp(min=0)).unflatten",
)

mistake(
    "ones",
    "You put 1 in each place; the values of y belong there.",
    answer='''
import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), torch.ones_like(y).flatten(2) + 0 * y.flatten(2)).unflatten(
        2, tuple(size)
    )
''',
)

mistake(
    "ready_made",
    "You called torch's own unpooling, which keeps one of several values; this task is to write it.",
    old="""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
""",
    new="    return torch.nn.functional.max_unpool2d(y, switches, 2, output_size=tuple(size))",
)

mistake(
    "size_width_first",
    "You read the size as (width, height), so the rows have the wrong length.",
    answer='''
import torch


def unpool(y: torch.Tensor, switches: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return pictures (N, C, *size) with the values of ``y`` (N, C, H′, W′) at their ``switches``."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return (
        flat.scatter_add(2, switches.flatten(2), y.flatten(2))
        .unflatten(2, (size[1], size[0]))
        .reshape(*y.shape[:2], size[1], size[0])
    )
''',
)

mistake(
    "spoils_its_arguments",
    "You set the values and the switches to 0 in place.",
    old="    flat = y.new",
    new="    y.data.zero_()\n    switches.zero_()\n    flat = y.new",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop over one signal; it knows neither pictures nor channels.",
    answer="""
import torch


def unpool(y, switches, size):
    added = torch.zeros(size[0] * size[1])
    for number, place in zip(y.flatten(), switches.flatten(), strict=True):
        added[place] += number
    return added.reshape(1, 1, *size)
""",
)

# Mutants that do the same

equivalent(
    "return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size)) -> return "
    "flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, size)",
    "A pair (H, W) is a tuple already.",
)
