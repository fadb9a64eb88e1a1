"""Known mistakes of `inception_cost`."""

mistake(
    "adds_depths_of_bottlenecks",
    "You counted the channels of the bottlenecks into the output.",
    old="reduced], c1 + c2 + c3 + c4",
    new="reduced], c1 + c2r + c2 + c3r + c3 + c4",
)

mistake(
    "bottleneck_for_free",
    "You left out the MACs of the bottlenecks themselves.",
    old="c_in * c2r + 9 * c2r * c2, c_in * c3r +",
    new="9 * c2r * c2,",
)

mistake(
    "counts_biases",
    "You counted the biases; a MAC is a multiplication with its addition.",
    old='        "reduced": ([pixels * macs for macs in reduced], c1 + c2 + c3 + c4),',
    new="""
        "reduced": (
            [pixels * (macs + c) for macs, c in zip(reduced, (c1, c2r + c2, c3r + c3, c4), strict=True)],
            c1 + c2 + c3 + c4,
        ),
""",
)

mistake(
    "kernel_not_squared",
    "You multiplied by the side of the kernel; it has side times side weights.",
    old="""
    naive = [c_in * c1, 9 * c_in * c2, 25 * c_in * c3, 0]
    reduced = [c_in * c1, c_in * c2r + 9 * c2r * c2, c_in * c3r + 25 * c3r * c3, c_in * c4]
""",
    new="""
    naive = [c_in * c1, 3 * c_in * c2, 5 * c_in * c3, 0]
    reduced = [c_in * c1, c_in * c2r + 3 * c2r * c2, c_in * c3r + 5 * c3r * c3, c_in * c4]
""",
)

mistake(
    "naive_pool_costs",
    "You charged the naive pooling for a 1 × 1 convolution that it does not have.",
    old="naive = [c_in * c1, 9 * c_in * c2, 25 * c_in * c3, 0]",
    new="naive = [c_in * c1, 9 * c_in * c2, 25 * c_in * c3, c_in * c4]",
)

mistake(
    "never_refuses",
    "You never test the numbers.",
    old="""
    if min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1:
        raise ValueError("channels and sizes are at least 1")

""",
    new="",
)

mistake(
    "parameters",
    "You counted weights; each is used at every pixel.",
    old="pixels = hw[0] * hw[1]",
    new="pixels = 1",
)

mistake(
    "pool_loses_channels",
    "You gave the naive pooling c4 channels; without its 1 × 1 it passes on all channels of the input.",
    old="+ c3 + c_in),",
    new="+ c3 + c4),",
)

mistake(
    "pooling_costs",
    "You counted nine operations a pixel for the pooling.",
    old="macs for macs in reduced",
    new="(macs + 9 * c_in * (i == 3)) for i, macs in enumerate(reduced)",
)

mistake(
    "refuses_input_only",
    "You test the input, but not the numbers of the spec.",
    old="if min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1:",
    new="if min(c_in, *hw) < 1:",
)

mistake(
    "refuses_one",
    "You refuse 1, which makes sense.",
    old="if min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1:",
    new="if min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) <= 1:",
)

mistake(
    "square_maps",
    "You took the height twice; maps need not be square.",
    old="pixels = hw[0] * hw[1]",
    new="pixels = hw[0] ** 2",
)

mistake(
    "total_only",
    "You returned the sum over the branches.",
    old="""
        "naive": ([pixels * macs for macs in naive], c1 + c2 + c3 + c_in),
        "reduced": ([pixels * macs for macs in reduced], c1 + c2 + c3 + c4),
""",
    new="""
        "naive": (sum(pixels * macs for macs in naive), c1 + c2 + c3 + c_in),
        "reduced": (sum(pixels * macs for macs in reduced), c1 + c2 + c3 + c4),
""",
)

mistake(
    "height_untested",
    "You test the width of the input, but not its height.",
    old="min(c_in, *hw,",
    new="min(c_in, hw[1],",
)

mistake(
    "width_untested",
    "You test the height of the input, but not its width.",
    old="min(c_in, *hw,",
    new="min(c_in, hw[0],",
)

mistake(
    "filters_of_three_untested",
    "You do not test c2.",
    old="c1, c2r, c2, c3r, c3, c4) < 1",
    new="c1, c2r, c3r, c3, c4) < 1",
)

mistake(
    "bottleneck_of_five_untested",
    "You do not test c3r.",
    old="c1, c2r, c2, c3r, c3, c4) < 1",
    new="c1, c2r, c2, c3, c4) < 1",
)

mistake(
    "zeros_of_the_spec_only",
    "You refuse zeros in the spec, but not negative numbers.",
    old="min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1",
    new="min(c_in, *hw) < 1 or 0 in (c1, c2r, c2, c3r, c3, c4)",
)

mistake(
    "zero_channels_only",
    "You refuse an input of no channels, but not of a negative number of them.",
    old="min(c_in, *hw, c1, c2r, c2, c3r, c3, c4) < 1",
    new="min(*hw, c1, c2r, c2, c3r, c3, c4) < 1 or c_in == 0",
)

mistake(
    "list_for_the_entry",
    "You gave a list for the naive module; each entry is a tuple.",
    old='"naive": ([pixels * macs for macs in naive], c1 + c2 + c3 + c_in)',
    new='"naive": [[pixels * macs for macs in naive], c1 + c2 + c3 + c_in]',
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's count of one convolution: it is for square maps, and refuses nothing.",
    answer="""
def macs(c_in, c_out, k, side=28):
    return side * side * c_out * k * k * c_in


def inception_cost(c_in, hw, spec):
    c1, (c2r, c2), (c3r, c3), c4 = spec
    side = hw[0]
    naive = [macs(c_in, c1, 1, side), macs(c_in, c2, 3, side), macs(c_in, c3, 5, side), 0]
    reduced = [
        macs(c_in, c1, 1, side),
        macs(c_in, c2r, 1, side) + macs(c2r, c2, 3, side),
        macs(c_in, c3r, 1, side) + macs(c3r, c3, 5, side),
        macs(c_in, c4, 1, side),
    ]
    return {"naive": (naive, c1 + c2 + c3 + c_in), "reduced": (reduced, c1 + c2 + c3 + c4)}
""",
)
