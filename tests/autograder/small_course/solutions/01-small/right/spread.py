"""Right answers, written differently, for `spread`."""

right(
    "loop",
    "Walks through the list once.",
    answer="""
def spread(values):
    if not values:
        raise ValueError
    low = high = values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    return high - low
""",
)

right(
    "sorted",
    "Sorts a copy.",
    old="    return max(values) - min(values)",
    new="""
    ordered = sorted(values)
    return ordered[-1] - ordered[0]
""",
)
