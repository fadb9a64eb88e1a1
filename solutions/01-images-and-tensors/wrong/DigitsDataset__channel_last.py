"""You put the axis of the channel last, as files do; tensors have it first, (1, H, W)."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(-1)
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
