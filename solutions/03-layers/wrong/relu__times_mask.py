"""You multiply by a mask of zeros and ones, but minus infinity times 0 is nan."""


def relu(x):
    return x * (x > 0)
