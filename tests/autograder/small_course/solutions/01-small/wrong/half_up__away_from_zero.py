"""You rounded a half away from zero: -1.5 becomes -2."""

import math


def half_up(value):
    return int(math.copysign(math.floor(abs(value) + 0.5), value))
