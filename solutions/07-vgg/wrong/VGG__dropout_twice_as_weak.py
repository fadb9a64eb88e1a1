"""You gave dropout another probability than 0.5."""

import torch


class VGG(torch.nn.Module):
    """The network of a configuration: (N, in_channels, H, W) to (N, num_classes)."""

    def __init__(
        self, config: list[int | str], num_classes: int = 1000, hidden: int = 4096, in_channels: int = 3
    ) -> None:
        super().__init__()
        nn, parts, depth = torch.nn, [], in_channels
        for entry in config:
            if entry == "M":
                parts.append(nn.MaxPool2d(2, 2))
            elif isinstance(entry, int) and entry >= 1:
                parts.extend((nn.Conv2d(depth, entry, 3, padding=1), nn.ReLU()))
                depth = entry
            else:
                raise ValueError(f"{entry!r} is neither 'M' nor a number of channels")
        self.features = nn.Sequential(*parts)
        self.classifier = nn.Sequential(
            *(nn.Linear(7 * 7 * depth, hidden), nn.ReLU(), nn.Dropout(0.25)),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.25), nn.Linear(hidden, num_classes)),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the pictures ``x``."""
        maps = torch.nn.functional.adaptive_avg_pool2d(self.features(x), (7, 7))
        return self.classifier(maps.flatten(1))
