"""Right answers, written differently, for `factorize`."""

right(
    "largest_element",
    "Takes the row and the column that cross at the largest element.",
    answer="""
import torch


def factorize(k):
    if k.dim() != 2:
        raise ValueError("not a kernel")
    at = int(k.abs().argmax())
    i, j = divmod(at, k.shape[1])
    top = k[i, j]
    column = k[:, j : j + 1].clone()
    row = k[i : i + 1] / (top if top != 0 else 1)
    if torch.abs(column * row - k).max() > 1e-4 * torch.abs(top):
        raise ValueError("not a product")
    return column, row
""",
)

right(
    "power_iteration",
    "Finds the two vectors by multiplying with the kernel again and again.",
    answer="""
import torch


def factorize(k):
    if len(k.shape) != 2:
        raise ValueError("two axes, please")
    largest = k.abs().max()
    if largest == 0:
        return torch.zeros_like(k[:, :1]), torch.zeros_like(k[:1])
    scaled = k / largest
    row = scaled[scaled.abs().sum(1).argmax()][None]
    for _ in range(3):
        row = row / row.norm()
        column = scaled @ row.T
        row = column.T @ scaled / column.square().sum()
    if not torch.allclose(column @ row, scaled, rtol=0, atol=1e-4):
        raise ValueError("this kernel needs more than one pair")
    return column * largest, row
""",
)
