"""Chooses between two tensors, picture by picture, with numbers of Python."""

import random

import torch


def drop_path(x, p, training):
    if p > 1.0 or p < 0.0:
        raise ValueError("p must be from 0 to 1")
    if not training:
        return x
    pictures = []
    for picture in x:
        gone = random.random() < p
        pictures.append(picture * 0 if gone else picture / (1 - p))
    return torch.stack(pictures)
