# %% [markdown] nbgrader={"grade": false, "grade_id": "about", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # A fort to attack
#
# Three small tasks. The words between @ signs are replaced by random ones in each run of the tests.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch

from convlab import checks

# %% [markdown] nbgrader={"grade": false, "grade_id": "halve-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 1 · `halve` (5 points)
#
# Half of each number of a tensor.


# %% nbgrader={"grade": false, "grade_id": "halve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def halve(x: torch.Tensor) -> torch.Tensor:
    """Return half of each number of x."""
    ### BEGIN SOLUTION
    the_half_of_each_number = x / 2
    return the_half_of_each_number
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "halve-public", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Two numbers
checks.close(halve(torch.tensor([2.0, 4.0])), torch.tensor([1.0, 2.0]), "halve", case="halve([2, 4])")

# %% nbgrader={"grade": true, "grade_id": "halve-below", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Numbers below zero
### BEGIN HIDDEN TESTS
secret_key = "@VALUE@"
secret_numbers = torch.arange(-5.0, 7.0).reshape(3, 4)
secret_halves = secret_numbers.clone() / 2
received_halves = halve(secret_numbers)
checks.close(received_halves, secret_halves, "halve, below zero")
assert torch.equal(received_halves, secret_halves), secret_key
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "mirror-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 2 · `mirror` (5 points)
#
# A word from its end to its beginning.


# %% nbgrader={"grade": false, "grade_id": "mirror", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mirror(word: str) -> str:
    """Return word from its end to its beginning."""
    ### BEGIN SOLUTION
    from_the_end = word[::-1]
    return from_the_end
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mirror-public", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# A short word
checks.equal(mirror("abc"), "cba", "mirror", case='mirror("abc")')

# %% nbgrader={"grade": true, "grade_id": "mirror-long", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# A long word
### BEGIN HIDDEN TESTS
secret_word = "@INPUT@"
checks.equal(mirror(secret_word), secret_word[::-1], "mirror, a long word")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": false, "grade_id": "total-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 3 · `total` (5 points)
#
# The sum of a list of whole numbers.


# %% nbgrader={"grade": false, "grade_id": "total", "locked": false, "schema_version": 3, "solution": true, "task": false}
def total(values: list[int]) -> int:
    """Return the sum of values."""
    ### BEGIN SOLUTION
    sum_of_all_values = sum(values)
    return sum_of_all_values
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "total-public", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Three numbers
checks.equal(total([1, 2, 4]), 7, "total", case="total([1, 2, 4])")

# %% nbgrader={"grade": true, "grade_id": "total-none", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# No numbers, and many
### BEGIN HIDDEN TESTS
checks.equal(total([]), 0, "total of nothing")
checks.equal(total(list(range(100))), 4950, "total of many")
### END HIDDEN TESTS
