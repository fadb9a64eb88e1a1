"""You test the input, but not the numbers of the spec."""


def inception_cost(
    c_in: int, hw: tuple[int, int], spec: tuple[int, tuple[int, int], tuple[int, int], int]
) -> dict[str, tuple[list[int], int]]:
    """Return the MACs of each branch and the output's channels, without and with bottlenecks."""
    c1, (c2r, c2), (c3r, c3), c4 = spec
    if min(c_in, *hw) < 1:
        raise ValueError("channels and sizes are at least 1")
    pixels = hw[0] * hw[1]
    naive = [c_in * c1, 9 * c_in * c2, 25 * c_in * c3, 0]
    reduced = [c_in * c1, c_in * c2r + 9 * c2r * c2, c_in * c3r + 25 * c3r * c3, c_in * c4]
    return {
        "naive": ([pixels * macs for macs in naive], c1 + c2 + c3 + c_in),
        "reduced": ([pixels * macs for macs in reduced], c1 + c2 + c3 + c4),
    }
