"""You padded by kernel_size // 2 on both sides; for an even kernel that is one zero too many, and the output
grows."""


def same_padding(
    kernel_size: int | tuple[int, int], dilation: int | tuple[int, int] = 1
) -> tuple[int, int] | tuple[tuple[int, int], tuple[int, int]]:
    """Return the zeros (before, after) that keep the size at stride 1, or a pair of such tuples."""

    def along(kernel_size: int, dilation: int) -> tuple[int, int]:
        if min(kernel_size, dilation) < 1:
            raise ValueError("kernel_size and dilation are at least 1")
        half = dilation * (kernel_size // 2)
        return half, half

    if isinstance(kernel_size, int) and isinstance(dilation, int):
        return along(kernel_size, dilation)
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, across = (dilation, dilation) if isinstance(dilation, int) else dilation
    return along(height, down), along(width, across)
