"""Add zeros after and before in turn, until the size is kept."""


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
