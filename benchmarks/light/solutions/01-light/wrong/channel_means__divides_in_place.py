"""You divided the picture in place: the caller finds it changed."""


def channel_means(x):
    x /= x.shape[2] * x.shape[3]
    return x.sum((2, 3))
