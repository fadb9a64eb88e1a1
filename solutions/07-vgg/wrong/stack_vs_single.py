"""Known mistakes of `stack_vs_single`."""

mistake(
    "accepts_one",
    "You accept k = 1, but a stack of no layers is none.",
    old="if c < 1 or k < 3 or k % 2 == 0:",
    new="if c < 1 or k < 1 or k % 2 == 0:",
)

mistake(
    "biases_are_work",
    "You counted a multiplication for each bias.",
    old="return count, weights + count * c, weights, count * c",
    new="return count, weights + count * c, weights + count * c, count * c",
)

mistake(
    "floats",
    "You divided with /, so the numbers are floats.",
    old="return account((k - 1) // 2, 3), account(1, k)",
    new="return account((k - 1) / 2, 3), account(1, k)",
)

mistake(
    "half_of_k",
    "You took k // 3 layers, but each layer of 3 × 3 adds two pixels, not three.",
    old="return account((k - 1) // 2, 3), account(1, k)",
    new="return account(k // 3, 3), account(1, k)",
)

mistake(
    "never_refuses",
    "You accept kernels that no stack of 3 × 3 equals.",
    old="""
    if c < 1 or k < 3 or k % 2 == 0:
        raise ValueError("expected at least one channel and an odd kernel of at least 3")

""",
    new="",
)

mistake(
    "no_biases",
    "You left out the biases.",
    old="return count, weights + count * c, weights, count * c",
    new="return count, weights, weights, count * c",
)

mistake(
    "one_bias",
    "You gave each layer one bias, but it has one for every output channel.",
    old="return count, weights + count * c, weights, count * c",
    new="return count, weights + count, weights, count * c",
)

mistake(
    "one_filter",
    "You counted one filter a layer, but there are c of them.",
    old="weights = count * side * side * c * c",
    new="weights = count * side * side * c",
)

mistake(
    "one_input_channel",
    "You forgot that a filter is as deep as its input.",
    old="weights = count * side * side * c * c",
    new="weights = count * side * side * c",
)

mistake(
    "one_layer_too_many",
    "You took one layer too many: the first one sees three pixels already.",
    old="return account((k - 1) // 2, 3), account(1, k)",
    new="return account((k + 1) // 2, 3), account(1, k)",
)

mistake(
    "outputs_of_the_last",
    "You counted the outputs of the last layer only, but each layer of the stack has some.",
    old="return count, weights + count * c, weights, count * c",
    new="return count, weights + count * c, weights, c",
)

mistake(
    "single_first",
    "You gave the single layer first.",
    old="return account((k - 1) // 2, 3), account(1, k)",
    new="return account(1, k), account((k - 1) // 2, 3)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the count of the chapter, which leaves out the biases and refuses nothing.",
    answer="""
import torch
from torch import nn


def stack(count, size, channels=64):
    layers = []
    for _ in range(count):
        conv = nn.Conv2d(channels, channels, size, padding=size // 2)
        layers += [conv, nn.ReLU()]
    return nn.Sequential(*layers)


def stack_vs_single(c, k):
    x = torch.zeros(1, c, 1, 1)
    rows = []
    for count, size in [((k - 1) // 2, 3), (1, k)]:
        h, weights, macs, outputs = x, 0, 0, 0
        for conv in stack(count, size, c)[::2]:  # without the ReLUs
            h = conv(h)
            weights += conv.weight.numel()
            macs += conv.weight.numel() * h.shape[2] * h.shape[3]
            outputs += h.numel()
        rows.append((count, weights, macs, outputs))
    return tuple(rows)
""",
)

# Mutants that do the same

equivalent(
    "if c < 1 or k < 3 or k % 2 == 0: -> if c < 1 or k < 2 or k % 2 == 0:",
    "A kernel of 2 is even, and so refused by the other condition.",
)

equivalent(
    "return (account((k - 1) // 2, 3), account(1, k)) -> return (account(-(-(k - 1) // 2), 3), account(1, k))",
    "An odd k less 1 is even: nothing is rounded.",
)

equivalent(
    "return (account((k - 1) // 2, 3), account(1, k)) -> return (account((k - 0) // 2, 3), account(1, k))",
    "Half of an odd k, rounded down, is half of k - 1.",
)
