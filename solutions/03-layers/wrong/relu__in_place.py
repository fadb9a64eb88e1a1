"""You write the zeros into x itself, so the caller’s numbers are lost."""


def relu(x):
    x[x < 0] = 0
    return x
