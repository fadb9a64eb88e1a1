"""You took the last minus the first: that is right only for a sorted list."""


def spread(values):
    if not values:
        raise ValueError
    return values[-1] - values[0]
