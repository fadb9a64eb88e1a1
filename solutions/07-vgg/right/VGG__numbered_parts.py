"""Parts are added under their numbers, one by one."""

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
