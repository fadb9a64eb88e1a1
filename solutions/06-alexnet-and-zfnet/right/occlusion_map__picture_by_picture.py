"""One picture and one place at a time."""

import copy

import torch


def occlusion_map(net, x, target, size, stride):
    still = copy.deepcopy(net).eval()
    kh, kw = size if isinstance(size, tuple) else (size, size)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    rows, columns = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
    maps = []
    with torch.no_grad():
        for picture, label in zip(x, target.tolist(), strict=True):
            full = still(picture[None])[0].softmax(0)[label]
            values = []
            for place in range(rows * columns):
                top, left = place // columns * sh, place % columns * sw
                other = picture.clone()
                other[:, top : top + kh, left : left + kw].zero_()
                values.append(full - still(other[None])[0].softmax(0)[label])
            maps.append(torch.stack(values).reshape(rows, columns))
    return torch.stack(maps)
