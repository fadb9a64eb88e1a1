"""Cut off below 0."""


def relu(x):
    return x.clamp(min=0)
