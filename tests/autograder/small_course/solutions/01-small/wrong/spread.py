"""Known mistakes of `spread`."""

mistake(
    "adds",
    "You added the smallest instead of subtracting it.",
    old="return max(values) - min(values)",
    new="return max(values) + min(values)",
)

mistake(
    "last_minus_first",
    "You took the last minus the first: that is right only for a sorted list.",
    old="return max(values) - min(values)",
    new="return values[-1] - values[0]",
)

mistake(
    "sorts_in_place",
    "You sorted the list that you were given: the caller finds it changed.",
    old="    return max(values) - min(values)",
    new="""
    values.sort()
    return values[-1] - values[0]
""",
)

mistake(
    "zero_for_empty",
    "You gave 0 for an empty list, where the task asks for a ValueError.",
    old="""
    if not values:
        raise ValueError("an empty list has no spread")
    return max(values) - min(values)
""",
    new="    return max(values) - min(values) if values else 0",
)

equivalent(
    "raise ValueError('an empty list has no spread') -> pass",
    "Of an empty list, max raises ValueError itself.",
)
