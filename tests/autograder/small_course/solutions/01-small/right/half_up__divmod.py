"""Counts the halves and uses whole numbers only."""


def half_up(value):
    whole, rest = divmod(value, 1)
    return int(whole) + (rest >= 0.5)
