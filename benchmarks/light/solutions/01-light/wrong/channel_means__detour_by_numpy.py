"""You returned an array of numpy instead of a tensor."""


def channel_means(x):
    return x.numpy().mean((2, 3))
