"""Right answers, written differently, for `DigitsDataset`."""

right(
    "converts_all_at_once",
    "Convert everything in the beginning, and hand out copies.",
    answer='''
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
''',
)

right(
    "list_of_pairs",
    "Keep a list of (array, label), whose indices behave as a list does.",
    answer='''
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
''',
)

right(
    "tensor_dataset",
    "Inherit from torch's TensorDataset, and copy what it hands out.",
    answer='''
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
''',
)

right(
    "named_tuple",
    "Return a named tuple of image and label.",
    answer="""
from typing import NamedTuple

import numpy as np
import torch


class Example(NamedTuple):
    image: torch.Tensor
    label: int


class DigitsDataset(torch.utils.data.Dataset):
    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        super().__init__()
        if images.shape[0] != labels.shape[0]:
            raise ValueError("as many labels as images")
        self.images = torch.as_tensor(images).to(torch.float32)
        self.labels = labels.tolist()
        self.transform = transform

    def __len__(self) -> int:
        return self.images.shape[0]

    def __getitem__(self, index: int) -> Example:
        if not -len(self) <= index < len(self):
            raise IndexError("no such example")
        image = self.images[index].unsqueeze(0) / 16
        if self.transform is None:
            return Example(image, self.labels[index])
        return Example(image=self.transform(image), label=self.labels[index])
""",
)
