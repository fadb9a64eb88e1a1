"""Inherit from torch's TensorDataset, and copy what it hands out."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.TensorDataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        super().__init__(torch.tensor(images).float()[:, None] / 16, torch.tensor(labels).long())
        self.transform = transform

    def __len__(self) -> int:
        return super().__len__()

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image, label = super().__getitem__(index)
        image = image.clone()
        if self.transform:
            image = self.transform(image)
        return image, label.item()
