"""You took the mean over the channels instead of the rows."""


def channel_means(x):
    return x.mean((1, 3))
