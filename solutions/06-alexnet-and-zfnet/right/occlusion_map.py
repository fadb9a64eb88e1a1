"""Right answers, written differently, for `occlusion_map`."""

right(
    "one_large_batch",
    "All covered pictures at once, covered by a mask for each place.",
    answer="""
import torch


@torch.no_grad()
def occlusion_map(net, x, target, size, stride):
    size = (size, size) if isinstance(size, int) else size
    stride = (stride, stride) if isinstance(stride, int) else stride
    starts = [range(0, x.shape[2 + d] - size[d] + 1, stride[d]) for d in (0, 1)]
    masks = torch.ones(len(starts[0]), len(starts[1]), *x.shape[2:], dtype=x.dtype, device=x.device)
    for i, top in enumerate(starts[0]):
        for j, left in enumerate(starts[1]):
            masks[i, j, top : top + size[0], left : left + size[1]] = 0
    masks = masks.flatten(0, 1)
    pictures = torch.cat([x[:, None], x[:, None] * masks[:, None]], 1)
    training = [module for module in net.modules() if module.training]
    net.eval()
    try:
        chances = net(pictures.flatten(0, 1)).softmax(1).unflatten(0, pictures.shape[:2])
    finally:
        for module in training:
            module.training = True
    chances = chances[torch.arange(len(x), device=x.device), :, target]
    return (chances[:, :1] - chances[:, 1:]).reshape(len(x), len(starts[0]), len(starts[1]))
""",
)

right(
    "picture_by_picture",
    "One picture and one place at a time.",
    answer="""
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
""",
)
