"""Walks through the list once."""


def spread(values):
    if not values:
        raise ValueError
    low = high = values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    return high - low
