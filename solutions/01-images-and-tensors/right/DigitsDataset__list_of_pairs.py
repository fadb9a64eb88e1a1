"""Keep a list of (array, label), whose indices behave as a list does."""

import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        self.examples = [(image, int(label)) for image, label in zip(images, labels, strict=True)]
        self.transform = transform or (lambda image: image)

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image, label = self.examples[index]
        scaled = np.float32(image)[np.newaxis] / np.float32(16)
        return self.transform(torch.tensor(scaled)), label
