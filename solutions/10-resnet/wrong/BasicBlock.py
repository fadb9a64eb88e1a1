"""Known mistakes of `BasicBlock`."""

mistake(
    "accepts_any_shortcut",
    "You took every shortcut that is not B for A.",
    old="""
        if shortcut not in ("A", "B"):
            raise ValueError("a shortcut is A or B")

""",
    new="",
)

mistake(
    "adds_in_place",
    "You added to x in place, which changes the x of the caller.",
    old="""
        kept = torch.nn.functional.pad(thinned, (0, 0, 0, 0, front, self.missing - front))
        return torch.relu(change + kept)
""",
    new="""
        kept = torch.nn.functional.pad(thinned, (0, 0, 0, 0, front, self.missing - front)) if self.missing else thinned
        kept += change
        return torch.relu(kept)
""",
)

mistake(
    "always_projects",
    "You put a 1 × 1 convolution into every shortcut, also where x fits as it is.",
    old='if shortcut == "B" and (stride, c_in) != (1, c_out):',
    new='if shortcut == "B":',
)

mistake(
    "biases",
    "You gave the convolutions biases, which the norms after them take away again.",
    old="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
""",
    new="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1)
""",
)

mistake(
    "lets_A_lose_channels",
    "You let shortcut A lose channels, which zeros cannot make up for.",
    old="""
            raise ValueError("a shortcut is A or B")
        if shortcut == "A" and c_out < c_in:

""",
    new="",
)

mistake(
    "no_relu_at_the_end",
    "You left out the ReLU after the sum.",
    old=[
        "return torch.relu(change + self.downsample(x))",
        "return torch.relu(change + kept)",
    ],
    new=[
        "return change + self.downsample(x)",
        "return change + kept",
    ],
)

mistake(
    "no_shortcut",
    "You forgot to add the shortcut, so this is a plain block.",
    old=[
        "return torch.relu(change + self.downsample(x))",
        "return torch.relu(change + kept)",
    ],
    new=[
        "return torch.relu(change + 0 * self.downsample(x))",
        "return torch.relu(change + 0 * kept)",
    ],
)

mistake(
    "odd_zero_in_front",
    "You put the odd zero channel of shortcut A in front; it goes behind.",
    old="front = self.missing // 2",
    new="front = (self.missing + 1) // 2",
)

mistake(
    "one_norm_for_both",
    "You used the first norm twice; each convolution needs its own.",
    old="self.bn2(self",
    new="self.bn1(self",
)

mistake(
    "pools_in_shortcut_A",
    "You averaged pixels in shortcut A; it takes every second one.",
    old="thinned = x[:, :, :: self.stride, :: self.stride]",
    new="thinned = torch.nn.functional.avg_pool2d(x, self.stride, ceil_mode=True)",
)

mistake(
    "projects_for_channels_only",
    "You gave the shortcut its convolution only where the channels change, and cut pixels out where only "
    "the size does.",
    old='if shortcut == "B" and (stride, c_in) != (1, c_out):',
    new='if shortcut == "B" and c_in != c_out:',
)

mistake(
    "ready_made",
    "You took the block of torchvision; this task is to write it.",
    answer="""
import torch
from torchvision.models.resnet import BasicBlock as Ready


class BasicBlock(Ready):
    def __init__(self, c_in, c_out, stride=1, shortcut="B"):
        nn = torch.nn
        if shortcut not in ("A", "B") or (shortcut == "A" and c_out < c_in):
            raise ValueError("a shortcut is A or B")
        down = None
        if shortcut == "B" and (stride != 1 or c_in != c_out):
            down = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))
        elif shortcut == "A":
            front = (c_out - c_in) // 2
            back = c_out - c_in - front
            down = Thin(stride, (0, 0, 0, 0, front, back))
        super().__init__(c_in, c_out, stride, down)


class Thin(torch.nn.Module):
    def __init__(self, stride, pads):
        super().__init__()
        self.stride, self.pads = stride, pads

    def forward(self, x):
        return torch.nn.functional.pad(x[:, :, :: self.stride, :: self.stride], self.pads)
""",
)

mistake(
    "relu_before_sum",
    "You applied the last ReLU before the sum; it belongs after it.",
    old=[
        "return torch.relu(change + self.downsample(x))",
        "return torch.relu(change + kept)",
    ],
    new=[
        "return torch.relu(change) + self.downsample(x)",
        "return torch.relu(change) + kept",
    ],
)

mistake(
    "relu_in_place",
    "You applied ReLU to x in place, so the shortcut and the caller got another x.",
    old='        """Return ReLU(F(x) + s(x))."""',
    new='''
        """Return ReLU(F(x) + s(x))."""
        x = x.relu_()
''',
)

mistake(
    "shortcut_detached",
    "You detached x on the shortcut, so no gradient goes around the block.",
    old="""
            return torch.relu(change + self.downsample(x))
        front = self.missing // 2
        thinned = x[:, :, :: self.stride, :: self.stride]
""",
    new="""
            return torch.relu(change + self.downsample(x.detach()))
        front = self.missing // 2
        thinned = x.detach()[:, :, :: self.stride, :: self.stride]
""",
)

mistake(
    "shortcut_without_norm",
    "You left out the norm of shortcut B.",
    old="project, torch.nn.BatchNorm2d(c_out))",
    new="project)",
)

mistake(
    "starts_at_the_second_pixel",
    "You began with the second row and column in shortcut A; the first are taken.",
    old="        thinned = x[:, :, :: self.stride, :: self.stride]",
    new="""
        shift = self.stride - 1
        thinned = torch.nn.functional.pad(x, (0, shift, 0, shift))[:, :, shift :: self.stride, shift :: self.stride]
""",
)

mistake(
    "stride_on_the_second",
    "You put the stride on the second convolution; it belongs on the first.",
    old="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
""",
    new="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, stride, padding=1, bias=False)
""",
)

mistake(
    "zeros_behind",
    "You put all zero channels of shortcut A behind; half of them go in front.",
    old="front = self.missing // 2",
    new="front = 0",
)

mistake(
    "momentum_of_the_first_norm",
    "You gave the first norm a momentum of its own; the norms have torch's own settings.",
    old="self.bn1 = torch.nn.BatchNorm2d(c_out)",
    new="self.bn1 = torch.nn.BatchNorm2d(c_out, momentum=0.01)",
)

mistake(
    "momentum_of_the_shortcut",
    "You gave the norm of the shortcut a momentum of its own; the norms have torch's own settings.",
    old="project, torch.nn.BatchNorm2d(c_out))",
    new="project, torch.nn.BatchNorm2d(c_out, momentum=0.9))",
)

mistake(
    "eps_of_the_shortcut",
    "You gave the norm of the shortcut an eps of its own; the norms have torch's own settings.",
    old="project, torch.nn.BatchNorm2d(c_out))",
    new="project, torch.nn.BatchNorm2d(c_out, eps=1e-2))",
)

mistake(
    "spoils_its_argument",
    "You emptied x, and returned an empty result.",
    old='        """Return ReLU(F(x) + s(x))."""',
    new='''
        """Return ReLU(F(x) + s(x))."""
        if not x.requires_grad:
            x.resize_(0, *x.shape[1:])
''',
)

mistake(
    "zeroes_its_argument",
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
    old="thinned = x[:, :, :: self.stride, :: self.stride]",
    new="thinned = x[:, :, :: self.stride, :: self.stride].detach()",
)

mistake(
    "stride_of_the_class",
    "You kept stride and channels on the class, so a block has those of the last one that was made.",
    old="self.stride, self.missing = stride, c_out - c_in",
    new="type(self).stride, type(self).missing = stride, c_out - c_in",
)

mistake(
    "part_of_a_text",
    "You tested with `in` on a text, which finds the empty text and AB in it, too.",
    old='shortcut not in ("A", "B")',
    new='shortcut not in "AB"',
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's block: one kind of shortcut, other names, and nothing is refused.",
    chapter="Residual",
    answer="""
class BasicBlock(Residual):
    def __init__(self, c_in, c_out, stride=1, shortcut="B"):
        super().__init__(c_in, c_out, stride)
""",
)

equivalent(
    "change = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) -> "
    "change = self.bn2(self.conv2(torch.relu_(self.bn1(self.conv1(x)))))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "return torch.relu(change + self.downsample(x)) -> return torch.relu_(change + self.downsample(x))",
    "The sum is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "return torch.relu(change + kept) -> return torch.relu_(change + kept)",
    "The sum is new and read by nothing else, so it may be changed in place.",
)
