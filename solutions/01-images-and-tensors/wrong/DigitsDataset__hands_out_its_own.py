"""You handed out the tensor that the dataset holds, so a transform that works in place changes it for good; hand
out a copy."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        self.images = torch.tensor(images / 16, dtype=torch.float32)[:, None]
        self.labels, self.transform = labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = self.images[index]
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
