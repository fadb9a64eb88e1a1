# %% [markdown] nbgrader={"grade": false, "grade_id": "about", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Two small functions
#
# A course of its own, for the autograder's tests.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ruff: noqa: E501
import math

# %% [markdown] nbgrader={"grade": false, "grade_id": "half_up-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 1 · `half_up` (5 points)
#
# Round to the nearest whole number, a half upward.


# %% nbgrader={"grade": false, "grade_id": "half_up", "locked": false, "schema_version": 3, "solution": true, "task": false}
def half_up(value: float) -> int:
    """Return the whole number nearest to value; a half goes up."""
    ### BEGIN SOLUTION
    shifted_by_a_half = value + 0.5
    return math.floor(shifted_by_a_half)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "half_up-public", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Numbers that are nobody's half
assert half_up(1.2) == 1, f"half_up(1.2) should be 1, yours gave {half_up(1.2)}"
assert half_up(1.7) == 2, f"half_up(1.7) should be 2, yours gave {half_up(1.7)}"

# %% nbgrader={"grade": true, "grade_id": "half_up-halves", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Halves, above and below zero
### BEGIN HIDDEN TESTS
secret_halves = {2.5: 3, 3.5: 4, -1.5: -1}
for secret_value, rounded in secret_halves.items():
    assert half_up(secret_value) == rounded, f"secret {secret_value}"
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "spread-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 2 · `spread` (5 points)
#
# The largest minus the smallest. An empty list raises `ValueError`.


# %% nbgrader={"grade": false, "grade_id": "spread", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spread(values: list[float]) -> float:
    """Return the largest of values minus the smallest."""
    ### BEGIN SOLUTION
    if not values:
        raise ValueError("an empty list has no spread")
    return max(values) - min(values)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spread-public", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Three numbers in order
assert spread([1, 2, 4]) == 3, "spread([1, 2, 4]) should be 3"

# %% nbgrader={"grade": true, "grade_id": "spread-order", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Any order, and numbers below zero
### BEGIN HIDDEN TESTS
secret_list = [3, -7, 5, 0]
assert spread(secret_list) == 12
assert secret_list == [3, -7, 5, 0], "the list was changed"
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "spread-empty", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# An empty list raises ValueError
### BEGIN HIDDEN TESTS
try:
    spread([])
    refused_the_empty_list = False
except ValueError:
    refused_the_empty_list = True
assert refused_the_empty_list, "no ValueError"
### END HIDDEN TESTS
