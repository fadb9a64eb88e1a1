"""You rounded up whatever the decimals: 1.2 becomes 2."""

import math


def half_up(value):
    return math.ceil(value)
