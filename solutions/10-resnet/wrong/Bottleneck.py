"""Known mistakes of `Bottleneck`."""

mistake(
    "biases",
    "You gave the convolutions biases, which the norms after them take away again.",
    old="2, bias=False)",
    new="2)",
)

mistake(
    "detaches",
    "You detached the narrow maps, so the first convolution learns nothing.",
    old="change = torch.relu(self.bn2(self.conv2(change)))",
    new="change = torch.relu(self.bn2(self.conv2(change.detach())))",
)

mistake(
    "in_place",
    "You applied ReLU to x in place, which changes the x of the caller.",
    old="change = torch.relu(self.bn1(self.conv1(x)))",
    new="change = torch.relu(self.bn1(self.conv1(x.relu_())))",
)

mistake(
    "never_refuses",
    "You never test the shortcut, so a wrong letter passes for A.",
    old='shortcut not in ("A", "B") or (shortcut == "A" and wide < c_in)',
    new="False",
)

mistake(
    "no_expansion",
    "You let the last convolution give c_mid channels; it gives four times as many.",
    old="wide = 4 * c_mid",
    new="wide = c_mid",
)

mistake(
    "no_last_relu",
    "You left out the ReLU after the sum.",
    old="return torch.relu(change + around)",
    new="return change + around",
)

mistake(
    "no_middle_relu",
    "You forgot the ReLU between the 3 × 3 and the last 1 × 1.",
    old="change = torch.relu(self.bn2(self.conv2(change)))",
    new="change = self.bn2(self.conv2(change))",
)

mistake(
    "no_padding",
    "You left out the padding of the 3 × 3, so the maps shrink.",
    old="=kernel // 2,",
    new="=0,",
)

mistake(
    "no_projection_for_channels",
    "You gave the shortcut its convolution only where there is a stride, and filled up with zeros where "
    "only the channels change.",
    old='if shortcut == "B" and (stride > 1 or wide != c_in):',
    new='if shortcut == "B" and stride > 1:',
)

mistake(
    "refuses_equal",
    "You refuse shortcut A also where no channel is added or lost.",
    old="wide < c_in)",
    new="wide <= c_in)",
)

mistake(
    "relu_before_sum",
    "You applied a ReLU to F(x) before the sum.",
    old="change = self.bn3(self.conv3(change))",
    new="change = torch.relu(self.bn3(self.conv3(change)))",
)

mistake(
    "shortcut_from_the_end",
    "You took the last row and column in shortcut A where the first are taken.",
    old="[..., :: self.stride, :: self.stride]",
    new=".flip(2, 3)[..., :: self.stride, :: self.stride].flip(2, 3)",
)

mistake(
    "shortcut_without_norm",
    "You left out the norm of shortcut B.",
    old="project, torch.nn.BatchNorm2d(wide))",
    new="project)",
)

mistake(
    "stride_on_the_first",
    "You put the stride on the first 1 × 1, as the paper of 2015 did; here it belongs on the 3 × 3.",
    old="1), (3, stride",
    new="stride), (3, 1",
)

mistake(
    "zeros_behind",
    "You put all zero channels of shortcut A behind; half of them go in front.",
    old="front = self.missing // 2",
    new="front = 0",
)

mistake(
    "momentum",
    "You gave the norms a momentum of their own; they have torch's own settings.",
    old="torch.nn.BatchNorm2d(widths[i + 1]))",
    new="torch.nn.BatchNorm2d(widths[i + 1], momentum=0.01))",
)

mistake(
    "momentum_of_the_shortcut",
    "You gave the norm of the shortcut a momentum of its own; the norms have torch's own settings.",
    old="project, torch.nn.BatchNorm2d(wide))",
    new="project, torch.nn.BatchNorm2d(wide, momentum=0.01))",
)

mistake(
    "spoils_its_argument",
    "You set x to 0, and returned zeros.",
    old='        """Return ReLU(F(x) + s(x))."""',
    new='''
        """Return ReLU(F(x) + s(x))."""
        x.data.zero_()
''',
)

mistake(
    "thinned_input_detached",
    "You detached x in shortcut A, so no gradient goes around the block.",
    old="x[..., :: self.stride, :: self.stride]",
    new="x[..., :: self.stride, :: self.stride].detach()",
)

mistake(
    "part_of_a_text",
    "You tested with `in` on a text, which finds the empty text and AB in it, too.",
    old='shortcut not in ("A", "B")',
    new='shortcut not in "AB"',
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's bottleneck: one kind of shortcut, other names, and nothing is refused.",
    chapter="Residual Bottleneck",
    answer="""
OfTheChapter = Bottleneck


class Bottleneck(OfTheChapter):
    def __init__(self, c_in, c_mid, stride=1, shortcut="B"):
        super().__init__(c_in, c_mid, 4 * c_mid, stride)
""",
)

equivalent(
    "conv = torch.nn.Conv2d(widths[i], widths[i + 1], kernel, step, padding=kernel // 2, bias=False) -> "
    "conv = torch.nn.Conv2d(widths[i], widths[i + 1], kernel, step, padding=kernel // 3, bias=False)",
    "For kernels of 1 and 3 both give 0 and 1.",
)

equivalent(
    "change = torch.relu(self.bn1(self.conv1(x))) -> change = torch.relu_(self.bn1(self.conv1(x)))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "change = torch.relu(self.bn2(self.conv2(change))) -> change = torch.relu_(self.bn2(self.conv2(change)))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "return torch.relu(change + around) -> return torch.relu_(change + around)",
    "The sum is new and read by nothing else, so it may be changed in place.",
)
