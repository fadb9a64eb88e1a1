"""You accept kernels that no stack of 3 × 3 equals."""


def stack_vs_single(c: int, k: int) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Return (layers, parameters, MACs a place, outputs a place) of a stack of 3 × 3, and of one layer of k × k."""

    def account(count: int, side: int) -> tuple[int, int, int, int]:
        weights = count * side * side * c * c
        return count, weights + count * c, weights, count * c

    return account((k - 1) // 2, 3), account(1, k)
