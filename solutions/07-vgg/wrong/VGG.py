"""Known mistakes of `VGG`."""

mistake(
    "always_drops",
    "You called the function dropout, which drops in evaluation mode as well unless it is told the mode.",
    old="        return self.classifier(maps.flatten(1))",
    new="""
        dense = self.classifier
        h = torch.nn.functional.dropout(torch.relu(dense[0](maps.flatten(1))), 0.5)
        h = torch.nn.functional.dropout(torch.relu(dense[3](h)), 0.5)
        return dense[6](h)
""",
)

mistake(
    "blocks",
    "You made a Sequential for each block, so the keys are features.0.0.weight and not torchvision's.",
    old="self.features = nn.Sequential(*parts)",
    new="self.features = nn.Sequential(*(nn.Sequential(part) for part in parts))",
)

mistake(
    "channels_last",
    "You moved the channels to the end before you flattened, so the dense weights meet other numbers.",
    old="return self.classifier(maps.flatten(1))",
    new="return self.classifier(maps.movedim(1, -1).flatten(1))",
)

mistake(
    "detached_features",
    "You cut the graph before the dense layers, so the convolutions get no gradient.",
    old="features(x), (7",
    new="features(x).detach(), (7",
)

mistake(
    "dropout_twice_as_weak",
    "You gave dropout another probability than 0.5.",
    old="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
""",
    new="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.25)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.25), nn.Linear(hidden, num_classes)),
""",
)

mistake(
    "five_classes_less",
    "You forgot num_classes and always make 1000.",
    old=", num_classes))",
    new=", 1000))",
)

mistake(
    "fixed_hidden",
    "You wrote 4096 where hidden belongs.",
    old="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
""",
    new="""
            *(nn.Linear(7 * 7 * depth, 4096), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4096, num_classes)),
""",
)

mistake(
    "flattens_the_batch",
    "You flattened the batch as well, so pictures mix.",
    old="return self.classifier(maps.flatten(1))",
    new="return self.classifier(maps.flatten().reshape(maps.shape[0], -1).flip(0))",
)

mistake(
    "ignores_unknown",
    "You pass over entries that you do not know, so a slip of the pen makes another network.",
    old="raise ValueError(f\"{entry!r} is neither 'M' nor a number of channels\")",
    new="continue",
)

mistake(
    "in_place_on_the_picture",
    "You normalised the pictures in place before you used them.",
    old='        """Return the logits of the pictures ``x``."""',
    new='''
        """Return the logits of the pictures ``x``."""
        x -= x.mean()
''',
)

mistake(
    "interpolates",
    "You resized the maps to 7 × 7 by interpolation where they are averaged.",
    old="adaptive_avg_pool2d(self.features(x), (7, 7)",
    new='interpolate(self.features(x), (7, 7), mode="bilinear"',
)

mistake(
    "max_to_seven",
    "You took maxima on the way to 7 × 7 where the maps are averaged.",
    old="adaptive_avg_pool2d",
    new="adaptive_max_pool2d",
)

mistake(
    "never_refuses",
    'You take every entry that is not "M" for a number of channels.',
    old=[
        "elif isinstance(entry, int) and entry >= 1:",
        """
            else:
                raise ValueError(f"{entry!r} is neither 'M' nor a number of channels")

""",
    ],
    new=[
        "else:",
        "",
    ],
)

mistake(
    "no_dropout",
    "You left the dropout out and moved the numbers of the dense layers to fit.",
    old="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
""",
    new="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Identity()),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Identity(), nn.Linear(hidden, num_classes)),
""",
)

mistake(
    "no_relu_in_dense",
    "You left out the ReLUs between the dense layers, so the three are one.",
    old="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
""",
    new="""
            *(nn.Linear(7 * 7 * depth, hidden), nn.Identity(), nn.Dropout(0.5)),
            *(nn.Linear(hidden, hidden), nn.Identity(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)),
""",
)

mistake(
    "no_relu_numbers",
    "You gave ReLU no number of its own, so the convolutions have others than torchvision's.",
    old=[
        "self.features = nn.Sequential(*parts)",
        "        maps = torch.nn.functional.adaptive_avg_pool2d(self.features(x), (7, 7))",
    ],
    new=[
        "self.features = nn.Sequential(*(part for part in parts if not isinstance(part, nn.ReLU)))",
        """
        for part in self.features:
            x = part(x).clamp(min=0) if isinstance(part, torch.nn.Conv2d) else part(x)
        maps = torch.nn.functional.adaptive_avg_pool2d(x, (7, 7))
""",
    ],
)

mistake(
    "one_dropout",
    "You dropped units after the first hidden layer only.",
    old="nn.Dropout(0.5),",
    new="nn.Identity(),",
)

mistake(
    "other_defaults",
    "You changed the default sizes of the dense layers.",
    old="int = 4096, in_channels:",
    new="int = 512, in_channels:",
)

mistake(
    "ready_made",
    "You took torchvision's network; this task is to write it.",
    answer="""
import torch


class VGG(torch.nn.Module):
    def __init__(self, config, num_classes=1000, hidden=4096, in_channels=3):
        super().__init__()
        from torchvision.models import vgg

        for entry in config:
            if entry != "M" and not (isinstance(entry, int) and entry >= 1):
                raise ValueError(f"{entry!r} is neither 'M' nor a number of channels")
        nn = torch.nn
        self.features = vgg.make_layers(config)
        first, depth = self.features[0], [entry for entry in config if entry != "M"][-1]
        if in_channels != 3:
            self.features[0] = nn.Conv2d(in_channels, first.out_channels, 3, padding=1)
        self.classifier = nn.Sequential(
            *(nn.Linear(49 * depth, hidden), nn.ReLU(), nn.Dropout()),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, num_classes)),
        )

    def forward(self, x):
        maps = torch.nn.functional.adaptive_avg_pool2d(self.features(x), 7)
        return self.classifier(maps.flatten(1))
""",
)

mistake(
    "softmax_at_the_end",
    "You put a softmax at the end, but nothing comes after the last layer.",
    old="return self.classifier(maps.flatten(1))",
    new="return self.classifier(maps.flatten(1)).softmax(1)",
)

mistake(
    "three_channels",
    "You wrote 3 where in_channels belongs.",
    old="nn, parts, depth = torch.nn, [], in_channels",
    new="nn, parts, depth = torch.nn, [], 3",
)

mistake(
    "eats_the_configuration",
    "You emptied the caller's configuration.",
    old="        self.features = nn.Sequential(*parts)\n",
    new="        self.features = nn.Sequential(*parts)\n        config.clear()\n",
)

mistake(
    "one_strong_dropout",
    "You used one dropout with p = 0.75 where two with p = 0.5 belong.",
    old=["hidden), nn.ReLU(), nn.Dropout(0.5)),\n            *(nn", "hidden), nn.ReLU(), nn.Dropout(0.5), nn"],
    new=["hidden), nn.ReLU(), nn.Dropout(0.75)),\n            *(nn", "hidden), nn.ReLU(), nn.Identity(), nn"],
)

mistake(
    "frozen_features",
    "You froze the convolutions.",
    old="        self.features = nn.Sequential(*parts)\n",
    new="        self.features = nn.Sequential(*parts).requires_grad_(False)\n",
)

mistake(
    "evaluation_mode",
    "You left the features in evaluation mode.",
    old="        self.features = nn.Sequential(*parts)\n",
    new="        self.features = nn.Sequential(*parts)\n        self.eval()\n",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the network of the chapter, which takes pairs (convolutions, channels), pools nothing to 7 × 7 "
    "and has names of its own.",
    answer="""
from torch import nn


def vgg_block(num_convs, in_channels, out_channels):
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1),
                   nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))


class VGG(nn.Module):
    def __init__(self, config, num_classes=1000, hidden=4096, in_channels=3):
        super().__init__()
        self.features = nn.Sequential()
        for part in "-".join(map(str, config)).strip("M-").split("M"):
            widths = [int(width) for width in part.strip("-").split("-")]
            self.features.append(vgg_block(len(widths), in_channels, widths[0]))
            in_channels = widths[0]
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(in_channels * 7 * 7, hidden), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(hidden, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x))
""",
)

# Mutants that do the same

equivalent(
    "parts.append(nn.MaxPool2d(2, 2)) -> parts.append(nn.MaxPool2d(2))",
    "Without a stride the windows follow one another, which is a stride of 2.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout()), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)))",
    "Torch's own default is a half.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, num_classes)))",
    "Torch's own default is a half.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.Dropout(0.5), nn.ReLU()), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)))",
    "Dropout multiplies by 0 or 2, which a ReLU before it or after it leaves as it is.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.Dropout(0.5), nn.ReLU(), nn.Linear(hidden, num_classes)))",
    "Dropout multiplies by 0 or 2, which a ReLU before it or after it leaves as it is.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout2d(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes)))",
    "On a tensor (N, features) a whole channel is a single number.",
)

equivalent(
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, num_classes))) -> "
    "self.classifier = nn.Sequential(*(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.5)), "
    "*(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout2d(0.5), nn.Linear(hidden, num_classes)))",
    "On a tensor (N, features) a whole channel is a single number.",
)
