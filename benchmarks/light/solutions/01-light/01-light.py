# %% [markdown]
# # One small function
#
# For the benchmark: three checks that cost next to nothing, so that what is measured is all overhead.

# %% setup
import torch

from convlab import checks

# %% channel_means-statement [markdown]
# Return the mean of each channel of each picture: `x` is (N, C, H, W), the result (N, C). Leave `x` as it is.


# %% channel_means
def channel_means(x: torch.Tensor) -> torch.Tensor:
    """Return the mean of each channel of each picture, shape (N, C)."""
    ### BEGIN SOLUTION
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
    ### END SOLUTION


# %% channel_means-public points=1
# One picture that you can work out by hand
picture = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]]]])
checks.close(channel_means(picture), torch.tensor([[4.0]]), "The mean of 1, 3, 5 and 7", case="channel_means(picture)")

# %% channel_means-batch points=3
# Several pictures that are not square
secret_batch = torch.arange(2 * 3 * 4 * 5, dtype=torch.float64).reshape(2, 3, 4, 5) ** 1.5
secret_means = torch.stack([torch.stack([secret_channel.sum() / 20 for secret_channel in p]) for p in secret_batch])
checks.close(channel_means(secret_batch), secret_means, "The means of a batch")

# %% channel_means-argument points=2
# The picture stays as it is
secret_before = torch.linspace(-2, 2, 2 * 2 * 3 * 2).reshape(2, 2, 3, 2)
secret_after = secret_before.clone()
channel_means(secret_after)
checks.close(secret_after, secret_before, "The argument after the call")
