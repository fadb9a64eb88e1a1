"""You took the mean over the batch too: each picture has means of its own."""


def channel_means(x):
    return x.mean((0, 2, 3))[None]
