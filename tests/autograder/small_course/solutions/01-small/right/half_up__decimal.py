"""Lets the decimal module round."""

from decimal import ROUND_FLOOR, Decimal


def half_up(value):
    return int((Decimal(value) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
