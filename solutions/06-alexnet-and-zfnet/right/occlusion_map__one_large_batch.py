"""All covered pictures at once, covered by a mask for each place."""

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
