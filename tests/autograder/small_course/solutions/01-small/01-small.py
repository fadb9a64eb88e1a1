# %% [markdown]
# # Two small functions
#
# A course of its own, for the autograder's tests.

# %% setup
import math

# %% half_up-statement [markdown]
# Round to the nearest whole number, a half upward.


# %% half_up
def half_up(value: float) -> int:
    """Return the whole number nearest to value; a half goes up."""
    ### BEGIN SOLUTION
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
    ### END SOLUTION


# %% half_up-public points=2
# Numbers that are nobody's half
assert half_up(1.2) == 1, f"half_up(1.2) should be 1, yours gave {half_up(1.2)}"
assert half_up(1.7) == 2, f"half_up(1.7) should be 2, yours gave {half_up(1.7)}"

# %% half_up-halves points=3
# Halves, above and below zero
secret_halves = {2.5: 3, 3.5: 4, -1.5: -1}
for secret_value, rounded in secret_halves.items():
    assert half_up(secret_value) == rounded, f"secret {secret_value}"

# %% spread-statement [markdown]
# The largest minus the smallest. An empty list raises `ValueError`.


# %% spread
def spread(values: list[float]) -> float:
    """Return the largest of values minus the smallest."""
    ### BEGIN SOLUTION
    if not values:
        raise ValueError("an empty list has no spread")
    return max(values) - min(values)
    ### END SOLUTION


# %% spread-public points=2
# Three numbers in order
assert spread([1, 2, 4]) == 3, "spread([1, 2, 4]) should be 3"

# %% spread-order points=2
# Any order, and numbers below zero
secret_list = [3, -7, 5, 0]
assert spread(secret_list) == 12
assert secret_list == [3, -7, 5, 0], "the list was changed"

# %% spread-empty points=1
# An empty list raises ValueError
try:
    spread([])
    refused_the_empty_list = False
except ValueError:
    refused_the_empty_list = True
assert refused_the_empty_list, "no ValueError"
