"""Lists every convolution of both modules, and adds up."""


def macs(h, w, layers):
    total = 0
    for c, n, k in layers:
        total += h * w * n * c * k**2
    return total


def inception_cost(c_in, hw, spec):
    numbers = [c_in, *hw, spec[0], *spec[1], *spec[2], spec[3]]
    if any(number <= 0 for number in numbers):
        raise ValueError("not a module")
    (h, w), (a, (b, c), (d, e), f) = hw, spec
    naive = [[(c_in, a, 1)], [(c_in, c, 3)], [(c_in, e, 5)], []]
    reduced = [[(c_in, a, 1)], [(c_in, b, 1), (b, c, 3)], [(c_in, d, 1), (d, e, 5)], [(c_in, f, 1)]]
    wide = a + c + e
    return {
        "reduced": ([macs(h, w, branch) for branch in reduced], wide + f),
        "naive": ([macs(h, w, branch) for branch in naive], wide + c_in),
    }
