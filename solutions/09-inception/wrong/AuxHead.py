"""Known mistakes of `AuxHead`."""

mistake(
    "bias_beside_norm",
    "You gave the convolution a bias also where a norm follows.",
    old="bias=not norm)}",
    new="bias=True)}",
)

mistake(
    "detaches",
    "You detached what the convolution gives, so it does not learn.",
    old="x = torch.relu(self.fc1(torch.relu(x).flatten(1)))",
    new="x = torch.relu(self.fc1(torch.relu(x).detach().flatten(1)))",
)

mistake(
    "dropout_always",
    "You drop in evaluation mode too.",
    old="return self.fc2(self.dropout(x))",
    new="return self.fc2(torch.nn.functional.dropout(x, self.dropout.p, True))",
)

mistake(
    "dropout_at_the_end",
    "You dropped logits; dropout comes before fc2.",
    old="return self.fc2(self.dropout(x))",
    new="return self.dropout(self.fc2(x))",
)

mistake(
    "dropout_keeps",
    "You took 0.7 for the part that is kept.",
    old="self.dropout = torch.nn.Dropout(0.7)",
    new="self.dropout = torch.nn.Dropout(0.3)",
)

mistake(
    "fixed_windows",
    "You used windows of 5 × 5 and stride 3, which give 4 × 4 for maps of 14 × 14 only.",
    old="x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="x = torch.nn.functional.avg_pool2d(x, 5, 3)",
)

mistake(
    "flat_names",
    "You called the convolution conv; it stands in a unit of that name, so it is conv.conv.",
    old=[
        "        self.conv = torch.nn.ModuleDict(parts)",
        """
        for part in self.conv.values():
            x = part(x)
""",
    ],
    new=[
        """
        self.conv = parts["conv"]
        self.bn = parts.get("bn", torch.nn.Identity())
""",
        "        x = self.bn(self.conv(x))",
    ],
)

mistake(
    "ignores_norm",
    "You left norm aside.",
    old="""
        if norm:
            parts["bn"] = torch.nn.BatchNorm2d(128, eps=0.001)

""",
    new="",
)

mistake(
    "max_pooling",
    "You took the maximum; the windows are averaged.",
    old="x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="x = torch.nn.functional.adaptive_max_pool2d(x, 4)",
)

mistake(
    "mean_of_all",
    "You averaged each map to one number; the head keeps 4 × 4.",
    old="x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="x = torch.nn.functional.interpolate(torch.nn.functional.adaptive_avg_pool2d(x, 1), 4)",
)

mistake(
    "no_dropout",
    "You forgot the dropout.",
    old="return self.fc2(self.dropout(x))",
    new="return self.fc2(x)",
)

mistake(
    "no_relu_after_conv",
    "You left out the ReLU after the convolution.",
    old="x = torch.relu(self.fc1(torch.relu(x).flatten(1)))",
    new="x = torch.relu(self.fc1(x.flatten(1)))",
)

mistake(
    "no_relu_after_fc1",
    "You left out the ReLU after fc1.",
    old="x = torch.relu(self.fc1(torch.relu(x).flatten(1)))",
    new="x = self.fc1(torch.relu(x).flatten(1))",
)

mistake(
    "one_dense_layer",
    "You made one dense layer of the two.",
    old="Linear(2048, 1024), torch.nn.Linear(1024",
    new="Identity(), torch.nn.Linear(2048",
)

mistake(
    "softmax",
    "You returned probabilities; logits have no softmax.",
    old="return self.fc2(self.dropout(x))",
    new="return self.fc2(self.dropout(x)).softmax(1)",
)

mistake(
    "dropout_before_fc1",
    "You dropped before fc1; dropout comes after it.",
    old="""
        x = torch.relu(self.fc1(torch.relu(x).flatten(1)))
        return self.fc2(self.dropout(x))
""",
    new="""
        x = torch.relu(self.fc1(self.dropout(torch.relu(x).flatten(1))))
        return self.fc2(x)
""",
)

mistake(
    "dropout_on_maps",
    "You dropped on the maps, before they are flattened; dropout comes after fc1.",
    old="""
        x = torch.relu(self.fc1(torch.relu(x).flatten(1)))
        return self.fc2(self.dropout(x))
""",
    new="""
        x = torch.relu(self.fc1(self.dropout(torch.relu(x)).flatten(1)))
        return self.fc2(x)
""",
)

mistake(
    "dropout_of_channels",
    "You used Dropout2d, which drops whole channels.",
    old="torch.nn.Dropout(0.7)",
    new="torch.nn.Dropout2d(0.7)",
)

mistake(
    "rate_of_the_second_form",
    "You gave the head another rate with norm=True; it is 0.7 in both forms.",
    old="torch.nn.Dropout(0.7)",
    new="torch.nn.Dropout(0.2 if norm else 0.7)",
)

mistake(
    "momentum",
    "You gave the norm a momentum of its own; apart from eps it has torch's settings.",
    old="BatchNorm2d(128, eps=0.001)",
    new="BatchNorm2d(128, eps=0.001, momentum=0.01)",
)

mistake(
    "input_detached",
    "You detached what the head reads, so it does not help the layers before it to learn.",
    old="x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="x = torch.nn.functional.adaptive_avg_pool2d(x.detach(), 4)",
)

mistake(
    "spoils_its_argument",
    "You set x to 0.",
    old="        x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="""
        x.data.zero_()
        x = torch.nn.functional.adaptive_avg_pool2d(x, 4)
""",
)

mistake(
    "squeezes",
    "You squeezed the logits; with a batch of one picture its axis vanishes.",
    old="return self.fc2(self.dropout(x))",
    new="return self.fc2(self.dropout(x)).squeeze()",
)

mistake(
    "windows_for_small_maps",
    "You used windows of 5 × 5 on maps that are smaller than 4 × 4; H and W may be any.",
    old="x = torch.nn.functional.adaptive_avg_pool2d(x, 4)",
    new="pool = torch.nn.functional\n"
    "        x = pool.adaptive_avg_pool2d(x, 4) if min(x.shape[2:]) >= 4 else pool.avg_pool2d(x, 5, 3, 2)",
)

mistake(
    "no_dropout_with_norm",
    "You left out the dropout with norm=True; it is there in both forms.",
    old=["self.dropout = torch.nn.Dropout(0.7)", "return self.fc2(self.dropout(x))"],
    new=[
        "self.dropout = torch.nn.Dropout(0.7)\n        self.norm = norm",
        "return self.fc2(x if self.norm else self.dropout(x))",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's head: a chain without names, and without the form that has a norm.",
    chapter="Conv auxiliary",
    answer="""
class AuxHead(nn.Sequential):
    def __init__(self, c_in, num_classes, norm=False):
        super().__init__(*auxiliary(c_in, num_classes))
""",
)

equivalent(
    "x = torch.relu(self.fc1(torch.relu(x).flatten(1))) -> x = torch.relu_(self.fc1(torch.relu(x).flatten(1)))",
    "What fc1 returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "x = torch.relu(self.fc1(torch.relu(x).flatten(1))) -> x = torch.relu(self.fc1(torch.relu_(x).flatten(1)))",
    "What the convolution or the norm returns is new and read by nothing else.",
)
