"""You divided by the height squared: that is right for square pictures only."""


def channel_means(x):
    return x.sum((2, 3)) / x.shape[2] ** 2
