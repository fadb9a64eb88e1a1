"""Known mistakes of `GoogLeNet`."""

mistake(
    "always_five",
    "You kept the 5 × 5 with norm=True.",
    old=", 3 if norm else 5)",
    new=", 5)",
)

mistake(
    "always_three",
    "You used the 3 × 3 of torchvision in the form of the paper as well.",
    old="3 if norm else 5)",
    new="3)",
)

mistake(
    "eps_of_torch",
    "You kept torch's eps of the norms; here it is 0.001.",
    old="c_out, 0.001)",
    new="c_out)",
)

mistake(
    "heads_first",
    "You returned the heads before the answer of the network.",
    old="return (x, *side) if side else x",
    new="return (*side, x) if side else x",
)

mistake(
    "heads_in_evaluation",
    "You returned three logits in evaluation mode too.",
    old="if self.training and name in self.heads:",
    new="if name in self.heads:",
)

mistake(
    "heads_read_the_input",
    "You let the heads read what goes into 4a and 4d, not what comes out.",
    old=[
        """
            c = made.c_out

""",
        '                self.heads[name] = "aux1" if name == "4a" else "aux2"',
        """
            x = self.get_submodule(f"inception{name}")(x)

""",
        "                side.append(self.get_submodule(self.heads[name])(x))",
    ],
    new=[
        "",
        """
                self.heads[name] = "aux1" if name == "4a" else "aux2"
            c = made.c_out
""",
        "",
        """
                side.append(self.get_submodule(self.heads[name])(x))
            x = self.get_submodule(f"inception{name}")(x)
""",
    ],
)

mistake(
    "heads_swapped",
    "You returned the second head first.",
    old="return (x, *side) if side else x",
    new="return (x, *reversed(side)) if side else x",
)

mistake(
    "last_pool_of_three",
    "You made the last pooling 3 × 3 in both forms; torchvision has 2 × 2.",
    old="self.last = 2 if norm else 3",
    new="self.last = 3",
)

mistake(
    "last_pool_of_two",
    "You made the last pooling 2 × 2 in both forms.",
    old="self.last = 2 if norm else 3",
    new="self.last = 2",
)

mistake(
    "max_at_the_end",
    "You took the maximum of each map at the end; it is the mean.",
    old="x = self.fc(self.dropout(x.mean((2, 3))))",
    new="x = self.fc(self.dropout(x.amax((2, 3))))",
)

mistake(
    "mistyped_module",
    "You mixed up two rows of the table: 4b and 4c have other widths.",
    old='"4b": (160, (112, 224), (24, 64), 64),',
    new='"4b": (128, (128, 256), (24, 64), 64),',
)

mistake(
    "no_bottleneck_in_the_stem",
    "You left out the 1 × 1 convolution before the 3 × 3 of the stem.",
    old="unit(64, 64, 1",
    new="torch.nn.Identity(",
)

mistake(
    "no_dropout",
    "You left out the dropout before the last layer.",
    old=[
        "dropout, self.fc = nn.Dropout(0.2 if norm else 0.4),",
        "x = self.fc(self.dropout(x.mean((2, 3))))",
    ],
    new=[
        "fc =",
        "x = self.fc(x.mean((2, 3)))",
    ],
)

mistake(
    "one_dropout_for_both",
    "You used the dropout of torchvision, 0.2, in the form of the paper.",
    old="2 if norm else 0.4)",
    new="2)",
)

mistake(
    "pads_the_pooling",
    "You padded the poolings, as d2l does.",
    old="ceil_mode=True",
    new="kernel // 2",
)

mistake(
    "ready_made",
    "You took the network of torchvision; this task is to write it.",
    answer="""
from torchvision import models


class GoogLeNet(models.GoogLeNet):
    def __init__(self, num_classes=1000, aux=True, norm=False):
        super().__init__(num_classes=num_classes, aux_logits=aux, init_weights=False)

    def forward(self, x):
        out = super().forward(x)
        return (out.logits, out.aux_logits1, out.aux_logits2) if self.training and self.aux1 is not None else out
""",
)

mistake(
    "rounds_down",
    "You let the poolings round down; with ceil_mode=True they round up.",
    old="ceil_mode=True)",
    new="ceil_mode=False)",
)

mistake(
    "second_head_at_4e",
    "You let the second head read 4e; it reads 4d.",
    old='if aux and name in ("4a", "4d"):',
    new='if aux and name in ("4a", "4e"):',
)

mistake(
    "stride_missing",
    "You left out the stride of the first convolution.",
    old="64, 7, 2), unit",
    new="64, 7), unit",
)

mistake(
    "first_dropout_for_both",
    "You used the dropout of the paper, 0.4, in the form of torchvision.",
    old="0.2 if norm else 0.4",
    new="0.4",
)

mistake(
    "heads_of_the_second_form",
    "You gave the heads another rate with norm=True; it is 0.7 in both forms.",
    old="nn.Linear(1024, num_classes), nn.Dropout(0.7)",
    new="nn.Linear(1024, num_classes), nn.Dropout(0.2 if norm else 0.7)",
)

mistake(
    "dropout_after_fc",
    "You dropped logits; dropout comes before fc.",
    old="x = self.fc(self.dropout(x.mean((2, 3))))",
    new="x = self.dropout(self.fc(x.mean((2, 3))))",
)

mistake(
    "dropout_before_the_mean",
    "You dropped on the maps; dropout comes after the mean.",
    old="x = self.fc(self.dropout(x.mean((2, 3))))",
    new="x = self.fc(self.dropout(x).mean((2, 3)))",
)

mistake(
    "dropout_of_channels",
    "You used Dropout2d, which drops whole channels.",
    old="nn.Dropout(0.2 if norm else 0.4)",
    new="nn.Dropout2d(0.2 if norm else 0.4)",
)

mistake(
    "head_drops_logits",
    "You dropped the logits of the heads; dropout comes before fc2.",
    old="self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu()))",
    new="self.drop(self.fc2(self.fc1(self.conv(self.pool(x)).flatten(1)).relu()))",
)

mistake(
    "head_drops_maps",
    "You dropped before fc1 in the heads; dropout comes after it.",
    old="self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu()))",
    new="self.fc2(self.fc1(self.drop(self.conv(self.pool(x))).flatten(1)).relu())",
)

mistake(
    "heads_detached",
    "You detached the maps that the heads read, so the heads do not help the network to learn.",
    old="side.append(self.get_submodule(self.heads[name])(x))",
    new="side.append(self.get_submodule(self.heads[name])(x.detach()))",
)

mistake(
    "second_head_detached",
    "You detached the maps that the second head reads, so it does not help the network to learn.",
    old="side.append(self.get_submodule(self.heads[name])(x))",
    new='side.append(self.get_submodule(self.heads[name])(x.detach() if name == "4d" else x))',
)

mistake(
    "momentum",
    "You gave the norms a momentum of their own; apart from eps they have torch's settings.",
    old="c_out, 0.001)",
    new="c_out, 0.001, 0.01)",
)

mistake(
    "list_of_logits",
    "You returned a list in training mode; a tuple is asked for.",
    old="return (x, *side) if side else x",
    new="return [x, *side] if side else x",
)

mistake(
    "spoils_its_argument",
    "You emptied x, and returned an empty result.",
    old="        x = halved(self.conv3(self.conv2(halved(self.conv1(x)))))",
    new="""
        x.resize_(0, *x.shape[1:])
        x = halved(self.conv3(self.conv2(halved(self.conv1(x)))))
""",
)

mistake(
    "pooling_of_the_class",
    "You kept the size of the last pooling on the class, so a network has that of the last one that was made.",
    old="self.last = 2 if norm else 3",
    new="type(self).last = 2 if norm else 3",
)

mistake(
    "dropout_on_maps_with_norm",
    "You dropped on the maps with norm=True; there is one dropout before fc.",
    old="x = self.fc(self.dropout(x.mean((2, 3))))",
    new="x = torch.nn.functional.dropout(x, 0.1, self.training and self.last == 2)\n        x = self.fc(self.dropout(x.mean((2, 3))))",
)

mistake(
    "order_of_torchvision",
    "You returned the second head first with norm=True, as torchvision does; the order is network, aux1, aux2.",
    old="return (x, *side) if side else x",
    new="return (x, *(side if self.last == 3 else side[::-1])) if side else x",
)

mistake(
    "silent_heads_with_norm",
    "You returned the network's logits alone with norm=True, also in training mode.",
    old="return (x, *side) if side else x",
    new="return (x, *side) if side and self.last == 3 else x",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's network, with its heads beside it: one form only, a chain whose layers have no names.",
    chapter="Conv Inception auxiliary googlenet",
    answer="""
class GoogLeNet(nn.Module):
    def __init__(self, num_classes=1000, aux=True, norm=False):
        super().__init__()
        self.net = googlenet(num_classes)
        self.head = auxiliary(512, num_classes) if aux else None

    def forward(self, x):
        net = self.net
        middle = net[2][0](net[1](net[0](x)))
        end = net[3:](net[2][1:](middle))
        return (end, self.head(middle)) if self.training and self.head else end
""",
)

equivalent(
    "parts |= {'bn': nn.BatchNorm2d(c_out, 0.001)} if norm else {} -> "
    "parts = parts | ({'bn': nn.BatchNorm2d(c_out, 0.001)} if norm else {})",
    "The dict is local and has no other name.",
)

equivalent(
    "return self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu())) -> "
    "return self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu_()))",
    "What fc1 returns is new and read by nothing else, so it may be changed in place.",
)

equivalent(
    "self.order, c, self.heads = (list(specs), 192, {}) -> self.order, c, self.heads = (specs, 192, {})",
    "A dict yields its keys in their order, as the list of them does.",
)
