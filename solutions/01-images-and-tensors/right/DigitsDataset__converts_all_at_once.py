"""Convert everything in the beginning, and hand out copies."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        self.images = torch.from_numpy(images.astype("float32")).div(16).unsqueeze(1)
        self.labels = [int(label) for label in labels]
        self.transform = transform

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = self.images[index].clone()
        return (image if self.transform is None else self.transform(image)), self.labels[index]
