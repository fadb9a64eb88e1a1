"""You left the network in evaluation mode."""

import torch


def occlusion_map(net, x, target, size, stride):
    (high, wide), (down, right) = ((v, v) if isinstance(v, int) else v for v in (size, stride))
    tops, lefts = range(0, x.shape[2] - high + 1, down), range(0, x.shape[3] - wide + 1, right)
    net.eval()
    with torch.no_grad():
        before = net(x).softmax(1).gather(1, target[:, None])[:, 0]
        result = x.new_zeros(len(x), len(tops), len(lefts))
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                covered = x.clone()
                covered[:, :, top : top + high, left : left + wide] = 0
                result[:, i, j] = before - net(covered).softmax(1).gather(1, target[:, None])[:, 0]
    return result
