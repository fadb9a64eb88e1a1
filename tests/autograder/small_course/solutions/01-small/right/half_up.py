"""Right answers, written differently, for `half_up`."""

right(
    "decimal",
    "Lets the decimal module round.",
    answer="""
from decimal import ROUND_FLOOR, Decimal


def half_up(value):
    return int((Decimal(value) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
""",
)

right(
    "divmod",
    "Counts the halves and uses whole numbers only.",
    old="""
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
""",
    new="""
    whole, rest = divmod(value, 1)
    return int(whole) + (rest >= 0.5)
""",
)
