"""Flattens each channel first."""


def channel_means(x):
    return x.flatten(2).mean(2)
