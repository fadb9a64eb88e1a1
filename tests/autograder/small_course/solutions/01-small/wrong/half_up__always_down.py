"""You cut the decimals off: 1.7 becomes 1."""


def half_up(value):
    return int(value)
