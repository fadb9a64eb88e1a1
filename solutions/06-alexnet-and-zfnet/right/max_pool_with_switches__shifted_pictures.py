"""One shifted copy for each cell of the window; a later one wins only if it is greater."""

import torch


def max_pool_with_switches(x, kernel_size, stride=None):
    def pair(v):
        return (v, v) if isinstance(v, int) else tuple(v)

    (kh, kw), (sh, sw) = pair(kernel_size), pair(kernel_size if stride is None else stride)
    height, width = x.shape[2:]
    rows, columns = (height - kh) // sh + 1, (width - kw) // sw + 1
    number = torch.arange(height * width, device=x.device).view(1, 1, height, width).expand(x.shape)
    best = where = None
    for i in range(kh):
        for j in range(kw):
            cells = (..., slice(i, i + sh * (rows - 1) + 1, sh), slice(j, j + sw * (columns - 1) + 1, sw))
            if best is None:
                best, where = x[cells], number[cells]
            else:
                better = x[cells] > best
                best, where = torch.where(better, x[cells], best), torch.where(better, number[cells], where)
    return best, where.contiguous()
