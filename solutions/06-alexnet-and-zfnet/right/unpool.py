"""Right answers, written differently, for `unpool`."""

right(
    "index_add",
    "One long row of all pixels, and index_add into it.",
    answer="""
import torch


def unpool(y, switches, size):
    n, c = y.shape[:2]
    pixels = size[0] * size[1]
    start = pixels * torch.arange(n * c, device=y.device).view(n, c, 1, 1)
    row = torch.zeros(n * c * pixels, dtype=y.dtype, device=y.device)
    return row.index_add(0, (switches + start).flatten(), y.flatten()).view(n, c, *size)
""",
)

right(
    "index_put",
    "Four index tensors and index_put with accumulate.",
    answer="""
import torch


def unpool(y, switches, size):
    picture, channel = (torch.arange(k, device=y.device) for k in y.shape[:2])
    place = (picture[:, None, None, None], channel[:, None, None], switches // size[1], switches % size[1])
    result = torch.zeros((*y.shape[:2], *size), dtype=y.dtype, device=y.device)
    return result.index_put(place, y, accumulate=True)
""",
)

right(
    "one_hot_product",
    "A product with a matrix that has a 1 where the switch points.",
    old="""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).unflatten(2, tuple(size))
""",
    new="""
    places = torch.nn.functional.one_hot(switches.flatten(2), size[0] * size[1]).to(y.dtype)
    return (y.flatten(2)[:, :, None] @ places).reshape(*y.shape[:2], *size)
""",
)
