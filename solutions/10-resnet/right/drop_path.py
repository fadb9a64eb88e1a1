"""Right answers, written differently, for `drop_path`."""

right(
    "bernoulli",
    "Draws the mask with bernoulli, with an extra axis for each of x.",
    answer="""
def drop_path(x, p, training):
    if p < 0 or p > 1:
        raise ValueError(f"{p} is no probability")
    if not training:
        return x.clone()
    keep = 1 - p
    mask = x.new_empty([x.shape[0]] + [1] * (x.dim() - 1)).bernoulli_(keep)
    return x * (mask if keep == 0 else mask / keep)
""",
)

right(
    "where",
    "Chooses between two tensors, picture by picture.",
    answer="""
import torch


def drop_path(x, p, training):
    if p > 1.0 or p < 0.0:
        raise ValueError("p must be from 0 to 1")
    if not training:
        return x
    pictures = []
    for picture in x:
        gone = torch.rand(1).item() < p
        pictures.append(picture * 0 if gone else picture / (1 - p))
    return torch.stack(pictures)
""",
)

right(
    "picture_by_picture",
    "Fills zeros picture by picture, each with a number of its own.",
    answer="""
def drop_path(x, p, training):
    if p < 0 or p > 1:
        raise ValueError("p is a probability")
    if training is False:
        return x.clone()
    out = torch.zeros_like(x)
    for i in range(x.shape[0]):
        if p < 1 and torch.rand(()).item() >= p:
            out[i] = x[i] / (1 - p)
    return out
""",
)
