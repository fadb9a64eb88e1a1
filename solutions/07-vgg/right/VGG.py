"""Right answers, written differently, for `VGG`."""

right(
    "dicts_and_functions",
    "Layers with parameters stand in dicts under their numbers, everything else is a function.",
    answer="""
import torch
import torch.nn.functional as F


class VGG(torch.nn.Module):
    def __init__(self, config, num_classes=1000, hidden=4096, in_channels=3):
        super().__init__()
        self.features, self.classifier = torch.nn.ModuleDict(), torch.nn.ModuleDict()
        self.plan, number = [], 0
        for entry in config:
            if entry == "M":
                self.plan.append(None)
                number += 1
                continue
            if not isinstance(entry, int) or entry < 1:
                raise ValueError(f"{entry!r} in a configuration")
            self.plan.append(str(number))
            self.features[str(number)] = torch.nn.Conv2d(in_channels, entry, 3, 1, 1)
            in_channels, number = entry, number + 2
        sizes = (in_channels * 7 * 7, hidden, hidden, num_classes)
        for place, before, after in zip("036", sizes[:-1], sizes[1:], strict=True):
            self.classifier[place] = torch.nn.Linear(before, after)

    def forward(self, x):
        for place in self.plan:
            x = F.max_pool2d(x, 2) if place is None else F.relu(self.features[place](x))
        x = F.adaptive_avg_pool2d(x, (7, 7)).reshape(len(x), -1)
        for place in "03":
            x = F.dropout(F.relu(self.classifier[place](x)), training=self.training)
        return self.classifier["6"](x)
""",
)

right(
    "numbered_parts",
    "Parts are added under their numbers, one by one.",
    answer="""
import torch
from torch import nn


class VGG(nn.Module):
    def __init__(self, config, num_classes=1000, hidden=4096, in_channels=3):
        super().__init__()
        self.features = nn.Sequential()
        c = in_channels
        for entry in config:
            if isinstance(entry, str):
                if entry != "M":
                    raise ValueError(f"what is {entry}?")
                self.features.append(nn.MaxPool2d(2))
                continue
            if type(entry) is not int or entry <= 0:
                raise ValueError(f"no convolution has {entry} channels")
            self.features.append(nn.Conv2d(c, entry, (3, 3), padding="same"))
            self.features.append(nn.ReLU(inplace=True))
            c = entry
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential()
        for size, out in ((c * 49, hidden), (hidden, hidden)):
            self.classifier.extend([nn.Linear(size, out), nn.ReLU(inplace=True), nn.Dropout()])
        self.classifier.append(nn.Linear(hidden, num_classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), start_dim=1))
""",
)
