"""You added the smallest instead of subtracting it."""


def spread(values):
    if not values:
        raise ValueError
    return max(values) + min(values)
