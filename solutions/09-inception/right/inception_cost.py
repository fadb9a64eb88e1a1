"""Right answers, written differently, for `inception_cost`."""

right(
    "by_weights",
    "Counts the weights of real convolutions on the meta device.",
    answer="""
import torch


def inception_cost(c_in, hw, spec):
    flat = [spec[0], *spec[1], *spec[2], spec[3]]
    if min([c_in, hw[0], hw[1], *flat]) < 1:
        raise ValueError("too small")

    def cost(c, n, k):
        layer = torch.nn.Conv2d(c, n, k, bias=False, device="meta")
        return layer.weight.numel() * hw[0] * hw[1]

    c1, c2r, c2, c3r, c3, c4 = flat
    thin = [cost(c_in, c1, 1), cost(c_in, c2r, 1), cost(c_in, c3r, 1), cost(c_in, c4, 1)]
    thin[1] += cost(c2r, c2, 3)
    thin[2] += cost(c3r, c3, 5)
    fat = [thin[0], cost(c_in, c2, 3), cost(c_in, c3, 5), 0]
    return {"naive": (fat, c1 + c2 + c3 + c_in), "reduced": (thin, c1 + c2 + c3 + c4)}
""",
)

right(
    "layer_by_layer",
    "Lists every convolution of both modules, and adds up.",
    answer="""
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
""",
)
