"""You counted the outputs of the last layer only, but each layer of the stack has some."""


def stack_vs_single(c: int, k: int) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Return (layers, parameters, MACs a place, outputs a place) of a stack of 3 × 3, and of one layer of k × k."""
    if c < 1 or k < 3 or k % 2 == 0:
        raise ValueError("expected at least one channel and an odd kernel of at least 3")

    def account(count: int, side: int) -> tuple[int, int, int, int]:
        weights = count * side * side * c * c
        return count, weights + count * c, weights, c

    return account((k - 1) // 2, 3), account(1, k)
