"""Start with zeros, and copy what passes to its places."""

import torch


def relu(x):
    flat = x.reshape(-1)
    places = (~(flat <= 0)).nonzero()[:, 0]
    out = torch.zeros_like(flat)
    return out.index_copy(0, places, flat[places]).reshape(x.shape)
