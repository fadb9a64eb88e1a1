"""Right answers, written differently, for `same_padding`."""

right(
    "divmod",
    "Halve the total with divmod; the remainder goes after.",
    answer="""
def same_padding(kernel_size, dilation=1):
    if isinstance(kernel_size, tuple) or isinstance(dilation, tuple):
        k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
        d = dilation if isinstance(dilation, tuple) else (dilation,) * 2
        return same_padding(k[0], d[0]), same_padding(k[1], d[1])
    if kernel_size <= 0 or dilation <= 0:
        raise ValueError("must be positive")
    half, rest = divmod((kernel_size - 1) * dilation, 2)
    return half, half + rest
""",
)

right(
    "grows_until_it_fits",
    "Add zeros after and before in turn, until the size is kept.",
    answer="""
def same_padding(kernel_size, dilation=1):
    def along(k, d):
        if k < 1 or d < 1:
            raise ValueError(f"no kernel of {k} with dilation {d}")
        n, zeros = 100 + k * d, [0, 0]
        side = 1
        while n + sum(zeros) - (d * (k - 1) + 1) + 1 < n:
            zeros[side] += 1
            side = 1 - side
        return tuple(zeros)

    if type(kernel_size) is int and type(dilation) is int:
        return along(kernel_size, dilation)
    k = (kernel_size, kernel_size) if type(kernel_size) is int else kernel_size
    d = (dilation, dilation) if type(dilation) is int else dilation
    return tuple(along(*pair) for pair in zip(k, d, strict=True))
""",
)

right(
    "named_tuple",
    "Return named tuples.",
    answer="""
from collections import namedtuple

Zeros = namedtuple("Zeros", "before after")
Sides = namedtuple("Sides", "height width")


def same_padding(kernel_size, dilation=1):
    if isinstance(kernel_size, tuple) or isinstance(dilation, tuple):
        k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        d = dilation if isinstance(dilation, tuple) else (dilation, dilation)
        return Sides(*map(same_padding, k, d))
    if kernel_size < 1 or dilation < 1:
        raise ValueError("kernel_size and dilation are at least 1")
    total = dilation * (kernel_size - 1)
    return Zeros(total // 2, (total + 1) // 2)
""",
)
