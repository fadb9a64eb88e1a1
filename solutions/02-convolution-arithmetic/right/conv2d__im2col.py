"""Gather the windows by index, and multiply one matrix for each group."""

import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    if min(stride) < 1 or min(padding) < 0 or min(dilation) < 1 or groups < 1:
        raise ValueError("out of range")
    if x.shape[1] != weight.shape[1] * groups or weight.shape[0] % groups:
        raise ValueError("channels do not match")
    x = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    starts, taps = [], []
    for axis in (0, 1):
        reach = dilation[axis] * (weight.shape[2 + axis] - 1)
        if reach >= x.shape[2 + axis]:
            raise ValueError("the kernel does not fit")
        starts.append(torch.arange(0, x.shape[2 + axis] - reach, stride[axis], device=x.device))
        taps.append(torch.arange(0, reach + 1, dilation[axis], device=x.device))
    rows = (taps[0][:, None] + starts[0])[:, None, :, None]
    columns = (taps[1][:, None] + starts[1])[None, :, None, :]
    windows = x[:, :, rows, columns]
    results = []
    for part, filters in zip(windows.chunk(groups, 1), weight.chunk(groups, 0), strict=True):
        matrix = part.flatten(1, 3).flatten(2)
        results.append(filters.flatten(1) @ matrix)
    y = torch.cat(results, 1).unflatten(2, (len(starts[0]), len(starts[1])))
    return y if bias is None else y + bias.view(1, -1, 1, 1)
