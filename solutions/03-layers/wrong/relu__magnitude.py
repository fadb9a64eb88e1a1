"""You take the magnitude: negative numbers must become 0, not positive."""


def relu(x):
    return x.abs()
