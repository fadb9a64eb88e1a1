"""Known mistakes of `InceptionResNetA`."""

mistake(
    "another_scale",
    "You wrote 0.17 into the sum and left scale aside.",
    old="self.scale = scale",
    new="self.scale = 0.17",
)

mistake(
    "another_width",
    "You wrote 32 into the branches and left width aside.",
    old="self.scale = scale",
    new="self.scale, width = scale, 32",
)

mistake(
    "branches_reversed",
    "You concatenated the branches in another order.",
    old=".cat(ends, 1)",
    new=".cat(ends[::-1], 1)",
)

mistake(
    "in_place",
    "You added to x in place.",
    old="        return torch.relu(x + self.scale * self.up(torch.cat(ends, 1)))",
    new="""
        x += self.scale * self.up(torch.cat(ends, 1))
        return torch.relu(x)
""",
)

mistake(
    "learns_the_scale",
    "You made the scale a parameter; it is a constant.",
    old="self.scale = scale",
    new="self.scale = torch.nn.Parameter(torch.tensor(scale))",
)

mistake(
    "no_bias",
    "You left out the biases.",
    old="self.up = conv(3 * width, c_in, 1)",
    new="self.up = conv(3 * width, c_in, 1, bias=False)",
)

mistake(
    "no_relu_after_sum",
    "You left out the ReLU after the sum.",
    old="torch.relu(x + self.scale * self.up(torch.cat(ends, 1)",
    new="x + self.scale * self.up(torch.cat(ends, 1",
)

mistake(
    "no_scale",
    "You forgot to scale the change.",
    old=".scale * self.up",
    new=".up",
)

mistake(
    "no_sum",
    "You returned the change alone.",
    old="relu(x + self.",
    new="relu(self.",
)

mistake(
    "one_large_kernel",
    "You made one 5 × 5 of the two 3 × 3.",
    old="more = [conv(width, width, 3, padding=1) for _ in range(2)]",
    new="more = [conv(width, width, 5, padding=2)]",
)

mistake(
    "relu_at_the_end_of_branches_only",
    "You left out the ReLUs inside the branches.",
    old="""
                h = torch.relu(conv(h))
            ends.append(h)
""",
    new="""
                h = conv(h)
            ends.append(torch.relu(h))
""",
)

mistake(
    "relu_on_the_change",
    "You put a ReLU after up, so the change can only be positive.",
    old="self.up(torch.cat(ends, 1",
    new="torch.relu(self.up(torch.cat(ends, 1)",
)

mistake(
    "scales_the_input",
    "You scaled x; the change is scaled.",
    old="x + self.scale *",
    new="self.scale * x +",
)

mistake(
    "scales_the_sum",
    "You scaled the whole sum.",
    old="x + self.scale * self.up(torch.cat(ends, 1",
    new="self.scale * (x + self.up(torch.cat(ends, 1)",
)

mistake(
    "shortcut_detached",
    "You detached x in the sum.",
    old=".relu(x + self",
    new=".relu(x.detach() + self",
)

mistake(
    "spoils_its_argument",
    "You set x to 0.",
    old="        ends = []",
    new="""
        ends = []
        x.data.zero_()
""",
)

mistake(
    "another_default",
    "You gave scale another default.",
    old="self, c_in: int, width: int = 32, scale: float = 0.17",
    new="self, c_in: int, width: int = 32, scale: float = 0.1",
)

mistake(
    "scale_of_the_class",
    "You kept the scale on the class, so a block has that of the last one that was made.",
    old="self.scale = scale",
    new="type(self).scale = scale",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's block: two branches, the second with a factorised kernel, where this one has three branches.",
    chapter="Conv ResidualInception",
    answer="""
class InceptionResNetA(ResidualInception):
    def __init__(self, channels, width=32, scale=0.17):
        super().__init__(channels, width, scale)
""",
)

equivalent(
    "h = torch.relu(conv(h)) -> h = torch.relu_(conv(h))",
    "What a convolution returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "return torch.relu(x + self.scale * self.up(torch.cat(ends, 1))) -> "
    "return torch.relu_(x + self.scale * self.up(torch.cat(ends, 1)))",
    "The sum is new and read by nothing else, so it may be changed in place.",
)
