"""You took torchvision's network; this task is to write it."""

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
