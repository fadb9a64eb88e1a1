"""Counts the weights of real convolutions on the meta device."""

import torch


def inception_cost(c_in, hw, spec):
    flat = [spec[0], *spec[1], *spec[2], spec[3]]
    if min([c_in, hw[0], hw[1], *flat]) < 1:
        raise ValueError("too small")

    def cost(c, n, k):
        layer = torch.nn.Conv2d(c, n, k, bias=False, device="meta")
        return layer.weight.numel() * hw[0] * hw[1]

    c1, c2r, c2, c3r, c3, c4 = flat
    thin = [cost(c_in, c1, 1), cost(c_in, c2r, 1), cost(c_in, c3r, 1), cost(c_in, c4, 1)]
    thin[1] += cost(c2r, c2, 3)
    thin[2] += cost(c3r, c3, 5)
    fat = [thin[0], cost(c_in, c2, 3), cost(c_in, c3, 5), 0]
    return {"naive": (fat, c1 + c2 + c3 + c_in), "reduced": (thin, c1 + c2 + c3 + c4)}
