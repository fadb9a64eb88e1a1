"""Layers with parameters stand in dicts under their numbers, everything else is a function."""

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
