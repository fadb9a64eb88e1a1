"""You replace the result of a window of zeros, but the root has been taken by then, and its gradient is nan."""


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    kh, kw = pair(kernel_size)
    sh, sw = pair(kernel_size if stride is None else stride)
    if min(norm_type, kh, kw, sh, sw) < 1:
        raise ValueError("a setting is out of range")
    if x.shape[2] < kh or x.shape[3] < kw:
        raise ValueError("no window fits")
    powers = x.abs().pow(norm_type)
    sums = powers.unfold(2, kh, sh).unfold(3, kw, sw).sum((-2, -1))
    empty = sums == 0
    roots = sums.pow(1 / norm_type)
    return roots.masked_fill(empty, 0.0)
