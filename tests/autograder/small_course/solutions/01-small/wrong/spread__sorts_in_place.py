"""You sorted the list that you were given: the caller finds it changed."""


def spread(values):
    if not values:
        raise ValueError
    values.sort()
    return values[-1] - values[0]
