"""You gave 0 for an empty list, where the task asks for a ValueError."""


def spread(values):
    return max(values) - min(values) if values else 0
