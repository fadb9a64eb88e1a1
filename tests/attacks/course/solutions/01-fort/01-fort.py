# %% [markdown]
# # A fort to attack
#
# Three small tasks. The words between @ signs are replaced by random ones in each run of the tests.

# %% setup
import torch

from convlab import checks

# %% halve-statement [markdown]
# Half of each number of a tensor.


# %% halve
def halve(x: torch.Tensor) -> torch.Tensor:
    """Return half of each number of x."""
    ### BEGIN SOLUTION
    the_half_of_each_number = x / 2
    return the_half_of_each_number
    ### END SOLUTION


# %% halve-public points=2
# Two numbers
checks.close(halve(torch.tensor([2.0, 4.0])), torch.tensor([1.0, 2.0]), "halve", case="halve([2, 4])")

# %% halve-below points=3
# Numbers below zero
secret_key = "@VALUE@"
secret_numbers = torch.arange(-5.0, 7.0).reshape(3, 4)
secret_halves = secret_numbers.clone() / 2
received_halves = halve(secret_numbers)
checks.close(received_halves, secret_halves, "halve, below zero")
assert torch.equal(received_halves, secret_halves), secret_key

# %% mirror-statement [markdown]
# A word from its end to its beginning.


# %% mirror
def mirror(word: str) -> str:
    """Return word from its end to its beginning."""
    ### BEGIN SOLUTION
    from_the_end = word[::-1]
    return from_the_end
    ### END SOLUTION


# %% mirror-public points=2
# A short word
checks.equal(mirror("abc"), "cba", "mirror", case='mirror("abc")')

# %% mirror-long points=3
# A long word
secret_word = "@INPUT@"
checks.equal(mirror(secret_word), secret_word[::-1], "mirror, a long word")

# %% total-statement [markdown]
# The sum of a list of whole numbers.


# %% total
def total(values: list[int]) -> int:
    """Return the sum of values."""
    ### BEGIN SOLUTION
    sum_of_all_values = sum(values)
    return sum_of_all_values
    ### END SOLUTION


# %% total-public points=2
# Three numbers
checks.equal(total([1, 2, 4]), 7, "total", case="total([1, 2, 4])")

# %% total-none points=3
# No numbers, and many
checks.equal(total([]), 0, "total of nothing")
checks.equal(total(list(range(100))), 4950, "total of many")
