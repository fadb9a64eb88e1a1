"""Known mistakes of `PreActBlock`."""

mistake(
    "always_projects",
    "You put a 1 × 1 convolution into every shortcut, also where x fits as it is.",
    old="changes = stride != 1 or c_in != c_out",
    new="changes = True",
)

mistake(
    "biases",
    "You gave the convolutions biases.",
    old="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
""",
    new="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1)
""",
)

mistake(
    "detaches",
    "You detached what goes around the block, so its gradient is lost.",
    old="x if self.shortcut is None else self.shortcut(ready)",
    new="x.detach() if self.shortcut is None else self.shortcut(ready.detach())",
)

mistake(
    "identity_of_h",
    "You added the normed x where x itself goes around.",
    old="around = x if self",
    new="around = ready if self",
)

mistake(
    "in_place",
    "You applied an in-place ReLU to x.",
    old="ready = torch.relu(self.bn1(x))",
    new="ready = torch.relu(self.bn1(x.relu_()))",
)

mistake(
    "no_second_relu",
    "You forgot the ReLU before the second convolution.",
    old="torch.relu(self.bn2(self.conv1(ready)",
    new="self.bn2(self.conv1(ready",
)

mistake(
    "norm_with_c_out",
    "You gave the first norm c_out channels; it works on x.",
    old="self.bn1 = torch.nn.BatchNorm2d(c_in)",
    new="self.bn1 = torch.nn.BatchNorm2d(c_out)",
)

mistake(
    "post_activation",
    "You put norm and ReLU after the convolutions, as in the block of task 1.",
    old=[
        "self.bn1 = torch.nn.BatchNorm2d(c_in)",
        """
        ready = torch.relu(self.bn1(x))
        around = x if self.shortcut is None else self.shortcut(ready)
        return around + self.conv2(torch.relu(self.bn2(self.conv1(ready))))
""",
    ],
    new=[
        "self.bn1 = torch.nn.BatchNorm2d(c_out)",
        """
        around = x if self.shortcut is None else self.shortcut(x)
        return around + self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
""",
    ],
)

mistake(
    "relu_after_sum",
    "You put a ReLU after the sum; in this block nothing follows it.",
    old="around + self.conv2(torch.relu(self.bn2(self.conv1(ready",
    new="torch.relu(around + self.conv2(torch.relu(self.bn2(self.conv1(ready)",
)

mistake(
    "relu_before_norm",
    "You applied ReLU before the norm, not after it.",
    old="""
        ready = torch.relu(self.bn1(x))
        around = x if self.shortcut is None else self.shortcut(ready)
        return around + self.conv2(torch.relu(self.bn2(self.conv1(ready))))
""",
    new="""
        ready = self.bn1(torch.relu(x))
        around = x if self.shortcut is None else self.shortcut(ready)
        return around + self.conv2(self.bn2(torch.relu(self.conv1(ready))))
""",
)

mistake(
    "shortcut_of_x",
    "You let the 1 × 1 shortcut read x; it reads x after the first norm and ReLU.",
    old="shortcut(ready)",
    new="shortcut(x)",
)

mistake(
    "shortcut_with_norm",
    "You put a norm behind the 1 × 1 shortcut.",
    old="        self.shortcut = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False) if changes else None",
    new="""
        self.shortcut = None
        if changes:
            project = torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False)
            self.shortcut = torch.nn.Sequential(project, torch.nn.BatchNorm2d(c_out))
""",
)

mistake(
    "stride_on_the_second",
    "You put the stride on the second convolution; it belongs on the first.",
    old="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
""",
    new="""
        self.conv1 = torch.nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(c_out)
        self.conv2 = torch.nn.Conv2d(c_out, c_out, 3, stride, padding=1, bias=False)
""",
)

mistake(
    "momentum_of_the_first_norm",
    "You gave the first norm a momentum of its own; the norms have torch's own settings.",
    old="self.bn1 = torch.nn.BatchNorm2d(c_in)",
    new="self.bn1 = torch.nn.BatchNorm2d(c_in, momentum=0.01)",
)

mistake(
    "momentum_of_the_second_norm",
    "You gave the second norm a momentum of its own; the norms have torch's own settings.",
    old="self.bn2 = torch.nn.BatchNorm2d(c_out)",
    new="self.bn2 = torch.nn.BatchNorm2d(c_out, momentum=0.01)",
)

mistake(
    "spoils_its_argument",
    "You set x to 0, and returned zeros.",
    old="        ready = torch.relu(self.bn1(x))",
    new="""
        x.data.zero_()
        ready = torch.relu(self.bn1(x))
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's block: it cannot change its size, and its parameters have other names.",
    chapter="PreActivation",
    answer="""
class PreActBlock(PreActivation):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__(c_in)
""",
)

equivalent(
    "ready = torch.relu(self.bn1(x)) -> ready = torch.relu_(self.bn1(x))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "return around + self.conv2(torch.relu(self.bn2(self.conv1(ready)))) -> "
    "return around + self.conv2(torch.relu_(self.bn2(self.conv1(ready))))",
    "What the norm returns is new and read by nothing else, so it may be changed in place.",
)
