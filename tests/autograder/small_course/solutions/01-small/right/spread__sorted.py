"""Sorts a copy."""


def spread(values):
    if not values:
        raise ValueError
    ordered = sorted(values)
    return ordered[-1] - ordered[0]
