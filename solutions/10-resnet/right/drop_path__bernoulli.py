"""Draws the mask with bernoulli, with an extra axis for each of x."""


def drop_path(x, p, training):
    if p < 0 or p > 1:
        raise ValueError(f"{p} is no probability")
    if not training:
        return x.clone()
    keep = 1 - p
    mask = x.new_empty([x.shape[0]] + [1] * (x.dim() - 1)).bernoulli_(keep)
    return x * (mask if keep == 0 else mask / keep)
