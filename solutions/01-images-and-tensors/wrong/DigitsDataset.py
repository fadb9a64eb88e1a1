"""Known mistakes of `DigitsDataset`."""

mistake(
    "channel_last",
    "You put the axis of the channel last, as files do; tensors have it first, (1, H, W).",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "float32).unsqueeze(-1)",
    ],
)

mistake(
    "divides_by_255",
    "You divided by 255, as for bytes; these digits go from 0 to 16, so that ink must become 1.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "16, dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "255, dtype=torch.float32).unsqueeze(0)",
    ],
)

mistake(
    "float64",
    "You kept numpy's float64; a network's weights are float32, and the two cannot be multiplied.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        ", dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        ").unsqueeze(0)",
    ],
)

mistake(
    "hands_out_its_own",
    "You handed out the tensor that the dataset holds, so a transform that works in place changes it for "
    "good; hand out a copy.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "        self.images, self.labels, self.transform = images, labels, transform",
        "torch.tensor(self.images[index] / 16, dtype=torch.float32)[None",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        self.images = torch.tensor(images / 16, dtype=torch.float32)[:, None]
        self.labels, self.transform = labels, transform
""",
        "self.images[index",
    ],
)

mistake(
    "ignores_transform",
    "You stored the transform but never called it.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        """
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]
        if self.transform is not None:
            image = self.transform(image)
""",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "        image = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(0)",
    ],
)

mistake(
    "image_only",
    "You returned the image alone; an example is the pair of image and label.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
        "return image, int(self.labels[index])",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "float32).unsqueeze(0)",
        "return image",
    ],
)

mistake(
    "label_as_tensor",
    "You returned the label as a tensor or array; the statement asks for a plain int.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
        "return image, int(self.labels[index])",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "float32).unsqueeze(0)",
        "return image, torch.tensor([self.labels[index]])",
    ],
)

mistake(
    "label_of_numpy",
    "You returned the label as a number of numpy; int(...) makes a plain int of it.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
        "return image, int(self.labels[index])",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "float32).unsqueeze(0)",
        "return image, self.labels[index]",
    ],
)

mistake(
    "length_of_height",
    "You returned the height as the length; the number of examples is the length of the first axis.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "return len(self.images)",
        "float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "return self.images.shape[1]",
        "float32).unsqueeze(0)",
    ],
)

mistake(
    "never_refuses",
    "You never compare the number of labels with the number of images, so a mix-up of files shows up much later.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        """
        if len(images) != len(labels):
            raise ValueError(f"{len(images)} images, but {len(labels)} labels")

""",
        "float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "",
        "float32).unsqueeze(0)",
    ],
)

mistake(
    "no_channel",
    "You returned (H, W); a layer wants the axis of the channels, of length 1 for gray.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "float32)",
    ],
)

mistake(
    "not_a_dataset",
    "Your class does not inherit from torch.utils.data.Dataset.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset:
""",
        "float32).unsqueeze(0)",
    ],
)

mistake(
    "own_maximum",
    "You divided each image by its own darkest value, so a faint digit becomes as dark as any other; divide by 16.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "16, dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        "self.images[index].max(), dtype=torch.float32).unsqueeze(0)",
    ],
)

mistake(
    "refuses_negative",
    "You refused negative indices; as in a list, -1 is the last example.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        if not 0 <= index < len(self):
            raise IndexError(index)
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(0)
""",
    ],
)

mistake(
    "scales_in_place",
    "You divided with /=, which changes the caller's own array.",
    answer='''
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        if len(images) != len(labels):
            raise ValueError("as many labels as images")
        if images.dtype.kind == "f":
            images /= 16
        else:
            images = images / 16
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = torch.tensor(self.images[index], dtype=torch.float32).unsqueeze(0)
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
''',
)

mistake(
    "transforms_once",
    "You called the transform once, in __init__; a random one must be called each time that an example is asked for.",
    answer='''
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
''',
)

mistake(
    "transforms_the_array",
    "You gave the transform the raw array; it expects the finished image tensor.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        """
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
""",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        picture = torch.tensor(self.images[index], dtype=torch.float32).unsqueeze(0)
        if self.transform is not None:
            picture = self.transform(picture)
        return picture / 16, int(self.labels[index])
""",
    ],
)

mistake(
    "transforms_the_pair",
    "You gave the transform the label too; it takes the image alone.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        """
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
""",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        example = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(0), int(self.labels[index])
        if self.transform is not None:
            example = self.transform(example)
        return example
""",
    ],
)

mistake(
    "wraps_around",
    "You took the index modulo the length, so there is no end: a for loop over the dataset never stops.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        index = index % len(self)
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(0)
""",
    ],
)

mistake(
    "wrong_error",
    "You raised ValueError for an index that does not exist; loops wait for IndexError.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]",
    ],
    new=[
        """
import numpy as np
import torch


class DigitsDataset(torch.utils.data.Dataset):
""",
        """
        if not -len(self) <= index < len(self):
            raise ValueError("no such example")
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32).unsqueeze(0)
""",
    ],
)

mistake(
    "maximum_of_the_set",
    "You divided by the largest value of this set; a set of faint digits stays faint, so divide by 16.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "self.images[index] / 16,",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "self.images[index] / self.images.max(),",
    ],
)

mistake(
    "stretches_the_set",
    "You stretched the set from its smallest value to its largest; divide by 16.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "self.images[index] / 16,",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "(self.images[index] - self.images.min()) / (self.images.max() - self.images.min()),",
    ],
)

mistake(
    "scaled_already",
    "You took a set with values up to 1 for one that is divided already; divide by 16 in any case.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "self.images[index] / 16,",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "self.images[index] / (16 if self.images.max() > 1 else 1),",
    ],
)

mistake(
    "spoils_its_argument",
    "You emptied the labels that the caller gave; they stay as they are.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "\n        self.images, self.labels, self.transform = images, labels, transform\n",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "\n        self.images, self.transform = images, transform\n        self.labels = np.zeros_like(labels)\n        labels[:] = 0\n",
    ],
)

mistake(
    "sorts_labels_in_place",
    "You wrote into the labels that the caller gave; they stay as they are.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "\n        self.images, self.labels, self.transform = images, labels, transform\n",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "\n        self.images, self.labels, self.transform = images, labels.copy(), transform\n        labels += 1\n",
    ],
)

mistake(
    "state_on_the_class",
    "You kept the images on the class, so that a second dataset replaces those of the first.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "\n        self.images, self.labels, self.transform = images, labels, transform\n",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "\n        DigitsDataset.images, self.labels, self.transform = images, labels, transform\n",
    ],
)

mistake(
    "labels_on_the_class",
    "You kept the labels on the class, so that a second dataset replaces those of the first.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "\n        self.images, self.labels, self.transform = images, labels, transform\n",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "\n        self.images, DigitsDataset.labels, self.transform = images, labels, transform\n",
    ],
)

mistake(
    "transform_on_the_class",
    "You kept the transform on the class, so that a second dataset replaces that of the first.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "\n        self.images, self.labels, self.transform = images, labels, transform\n",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "\n        self.images, self.labels, DigitsDataset.transform = images, labels, transform\n",
    ],
)

mistake(
    "returns_a_list",
    "You returned a list; an example is a tuple of image and label.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "return image, int(self.labels[index])",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "return [image, int(self.labels[index])]",
    ],
)

mistake(
    "converts_after_the_transform",
    "You made float32 of what the transform returned; its result is put in the place of the image as it is.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "            image = self.transform(image)",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "            image = self.transform(image).float()",
    ],
)

mistake(
    "default_dtype",
    "You left the dtype to torch, which takes its default one; the statement asks for float32.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        ", dtype=torch.float32)[None]",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        ").to(torch.get_default_dtype())[None]",
    ],
)

mistake(
    "no_transform_from_the_end",
    "You called the transform for indices from 0 only; a negative one asks for an example as well.",
    old=[
        "class DigitsDataset(torch.utils.data.Dataset):",
        "if self.transform is not None:",
    ],
    new=[
        "\nimport numpy as np\nimport torch\n\n\nclass DigitsDataset(torch.utils.data.Dataset):\n",
        "if self.transform is not None and index >= 0:",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the data set of the chapter: it is for colour pictures of bytes, in files, and has no transform.",
    answer="""
import numpy as np
import torch
from torch.utils.data import Dataset


class DigitsDataset(Dataset):
    def __init__(self, images, labels, transform=None):
        self.labels = labels
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        pixels = np.array(self.images[index])
        picture = torch.from_numpy(pixels)[None] / 255
        return picture, self.labels[index]
""",
)
