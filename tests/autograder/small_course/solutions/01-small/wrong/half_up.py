"""Known mistakes of `half_up`."""

mistake(
    "always_down",
    "You cut the decimals off: 1.7 becomes 1.",
    old="""
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
""",
    new="    return int(value)",
)

mistake(
    "always_up",
    "You rounded up whatever the decimals: 1.2 becomes 2.",
    old="""
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
""",
    new="    return math.ceil(value)",
)

mistake(
    "away_from_zero",
    "You rounded a half away from zero: -1.5 becomes -2.",
    old="""
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
""",
    new="    return int(math.copysign(math.floor(abs(value) + 0.5), value))",
)

mistake(
    "to_even",
    "You used round, which takes a half to the even neighbour: 2.5 becomes 2.",
    old="""
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
""",
    new="    return round(value)",
)
