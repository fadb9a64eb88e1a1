"""Right answers, written differently, for `global_avg_pool2d`."""

right(
    "matrix_product",
    "A product with a column of equal weights.",
    answer="""
def global_avg_pool2d(x):
    if len(x.shape) != 4:
        raise ValueError("expected (N, C, H, W)")
    places = x.shape[2] * x.shape[3]
    if not places:
        raise ValueError("expected at least one place")
    return x.reshape(*x.shape[:2], places) @ x.new_full((places,), 1 / places)
""",
)

right(
    "rows_then_columns",
    "The mean of the rows' means.",
    old="""
    if x.dim() != 4 or 0 in x.shape[2:]:
        raise ValueError(f"there is no mean of maps in a tensor of shape {tuple(x.shape)}")
    return x.mean(dim=(-2, -1))
""",
    new="""
    if x.ndim != 4 or x.size(2) < 1 or x.size(3) < 1:
        raise ValueError("there are no maps")
    return torch.mean(torch.mean(x, -1), -1)
""",
)
