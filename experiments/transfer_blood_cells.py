"""Three kinds of blood cells under a microscope, none of them a class of ImageNet: the three ways of transfer again.

    python -m experiments run transfer-blood-cells [--network resnet18] [--weights FILE] [--root FOLDER]

The cells are cut from the photographs of the BCCD data set (MIT licence, github.com/Shenggan/BCCD_Dataset): the square
around each box, a little larger than the box. All options are those of ``transfer-ants-bees``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import torch
from torch import Tensor

from convlab.datasets import Data, DatasetUnavailable, Split
from convlab.datasets.data import resized
from convlab.datasets.files import folder, unpack
from experiments.registry import Command
from experiments.transfer_ants_bees import recorded

__all__ = ["EXPERIMENT", "cells", "main", "square"]

NAME = "transfer-blood-cells"
URL = "https://github.com/Shenggan/BCCD_Dataset/archive/refs/heads/master.zip"
TOP = "BCCD_Dataset-master"
CLASSES = {"RBC": "red cell", "WBC": "white cell", "Platelets": "platelet"}
LARGER = 1.2  # the side of the square, as a multiple of the box's longer side
LEAST = 8  # pixels of a box's shorter side; two boxes have no area
TRAIN, TEST = 200, 60  # cells of each kind, drawn from those of the halves "trainval" and "test"


def square(box: Sequence[int], width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the square around ``box`` (the same four), inside of the picture."""
    left, top, right, bottom = box
    side = min(round(LARGER * max(right - left, bottom - top)), width, height)
    x = min(max((left + right - side) // 2, 0), width - side)
    y = min(max((top + bottom - side) // 2, 0), height - side)
    return x, y, x + side, y + side


def cells(size: int, root: str | None) -> Data:
    """Return the cells as pictures of ``size`` × ``size``.

    Raises:
        DatasetUnavailable: the photographs are not there and cannot be downloaded.
    """
    where = _photographs(folder(root))
    halves = [_half(where, name, count, size) for name, count in (("trainval", TRAIN), ("test", TEST))]
    return Data("bccd", "blood cells (BCCD)", halves[0], halves[1], tuple(CLASSES.values()))


def _half(where: Path, name: str, count: int, size: int) -> Split:
    """Return ``count`` cells of each kind, the same ones always; fewer where there are fewer."""
    from PIL import Image
    from torchvision.transforms.functional import pil_to_tensor

    listed: list[tuple[str, str, list[int]]] = []
    for photograph in (where / "ImageSets" / "Main" / f"{name}.txt").read_text(encoding="utf-8").split():
        listed += [(photograph, *cell) for cell in _boxes(where / "Annotations" / f"{photograph}.xml")]
    dice = torch.Generator().manual_seed(0)
    pixels: list[Tensor] = []
    labels: list[int] = []
    for label, kind in enumerate(CLASSES):
        own = [(photograph, box) for photograph, other, box in listed if other == kind]
        for row in torch.randperm(len(own), generator=dice)[:count].tolist():
            photograph, box = own[row]
            with Image.open(where / "JPEGImages" / f"{photograph}.jpg") as picture:
                cut = picture.convert("RGB").crop(square(box, *picture.size))
            pixels.append(resized(pil_to_tensor(cut)[None], size))
            labels.append(label)
    return Split(torch.cat(pixels), torch.tensor(labels))


def _boxes(path: Path) -> list[tuple[str, list[int]]]:
    """Return kind and box (left, top, right, bottom) of the cells of a photograph, but for boxes without an area."""
    found = []
    for cell in ElementTree.parse(path).iter("object"):  # files of a data set that is trusted, or was checked
        box = [int(cell.findtext(f"bndbox/{edge}") or 0) for edge in ("xmin", "ymin", "xmax", "ymax")]
        if min(box[2] - box[0], box[3] - box[1]) >= LEAST:
            found.append((cell.findtext("name") or "", box))
    return found


def _photographs(root: Path) -> Path:
    """Return the folder with JPEGImages, Annotations and ImageSets below ``root``; download it where there is none."""
    candidates = [root, root / "bccd", root / "BCCD", root / TOP / "BCCD"]
    for candidate in candidates:
        if (candidate / "ImageSets" / "Main" / "trainval.txt").is_file():
            return candidate
    try:
        root.mkdir(parents=True, exist_ok=True)
        archive = root / "bccd.zip"
        torch.hub.download_url_to_file(URL, str(archive), progress=False)
        unpack(archive, root, TOP)
        archive.unlink()
    except (OSError, ValueError) as error:
        raise DatasetUnavailable(
            f"The blood cells are not in {root} and could not be downloaded ({error}). Without a network, pass --root "
            "FOLDER of a folder that holds bccd/JPEGImages, bccd/Annotations and bccd/ImageSets."
        ) from error
    return candidates[-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all ways on blood cells, and record them."""
    about = f"{TEST} test cells of each kind; boxes as their authors drew them, some of them rough."
    return recorded(NAME, cells, arguments, about=about, size=96)


EXPERIMENT = Command(
    question="Do the weights of ImageNet help with pictures that are unlike it? Blood cells, three ways and none.",
    main=main,
)
