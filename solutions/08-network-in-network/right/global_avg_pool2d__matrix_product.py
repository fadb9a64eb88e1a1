"""A product with a column of equal weights."""


def global_avg_pool2d(x):
    if len(x.shape) != 4:
        raise ValueError("expected (N, C, H, W)")
    places = x.shape[2] * x.shape[3]
    if not places:
        raise ValueError("expected at least one place")
    return x.reshape(*x.shape[:2], places) @ x.new_full((places,), 1 / places)
