# %% [markdown] nbgrader={"grade": false, "grade_id": "about", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # One small function
#
# For the benchmark: three checks that cost next to nothing, so that what is measured is all overhead.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ruff: noqa: E501
import torch

from convlab import checks

# %% [markdown] nbgrader={"grade": false, "grade_id": "channel_means-statement", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Task 1 · `channel_means` (6 points)
#
# Return the mean of each channel of each picture: `x` is (N, C, H, W), the result (N, C). Leave `x` as it is.


# %% nbgrader={"grade": false, "grade_id": "channel_means", "locked": false, "schema_version": 3, "solution": true, "task": false}
def channel_means(x: torch.Tensor) -> torch.Tensor:
    """Return the mean of each channel of each picture, shape (N, C)."""
    ### BEGIN SOLUTION
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "channel_means-public", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# One picture that you can work out by hand
picture = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]]]])
checks.close(channel_means(picture), torch.tensor([[4.0]]), "The mean of 1, 3, 5 and 7", case="channel_means(picture)")

# %% nbgrader={"grade": true, "grade_id": "channel_means-batch", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Several pictures that are not square
### BEGIN HIDDEN TESTS
secret_batch = torch.arange(2 * 3 * 4 * 5, dtype=torch.float64).reshape(2, 3, 4, 5) ** 1.5
secret_means = torch.stack([torch.stack([secret_channel.sum() / 20 for secret_channel in p]) for p in secret_batch])
checks.close(channel_means(secret_batch), secret_means, "The means of a batch")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "channel_means-argument", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# The picture stays as it is
### BEGIN HIDDEN TESTS
secret_before = torch.linspace(-2, 2, 2 * 2 * 3 * 2).reshape(2, 2, 3, 2)
secret_after = secret_before.clone()
channel_means(secret_after)
checks.close(secret_after, secret_before, "The argument after the call")
### END HIDDEN TESTS
