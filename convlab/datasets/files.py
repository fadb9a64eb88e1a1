"""The data sets that are files: downloaded once with a checksum and a progress bar, or read from a folder you have."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from convlab.datasets.data import Data, DatasetUnavailable, Split, resized
from convlab.datasets.progress import Progress

__all__ = ["cifar10", "fashion_mnist", "folder", "hymenoptera", "mnist"]

HYMENOPTERA = "https://download.pytorch.org/tutorial/hymenoptera_data.zip"
HYMENOPTERA_SHA256 = "fbc41b31d544714d18dd1230b1e2b455e1557766e13e67f9f5a7a23af7c02209"  # PyTorch's tutorials check it
CUT_SHORT = "is invalid for input of size"  # torch, of a file with fewer bytes than its head promises
LARGEST_ARCHIVE = 500 * 2**20  # bytes when unpacked; the real one has 47 MB


def folder(root: str | Path | None) -> Path:
    """Return where files are kept: ``root``, else $CONVLAB_DATA, else a folder in the user's cache."""
    if root is not None:
        return Path(root).expanduser()
    if chosen := os.environ.get("CONVLAB_DATA"):
        return Path(chosen).expanduser()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "convlab"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "convlab"


def fashion_mnist(size: int | None, root: Path, download: bool) -> Data:
    return _idx("fashion_mnist", "Fashion-MNIST", "FashionMNIST", size, root, download)


def mnist(size: int | None, root: Path, download: bool) -> Data:
    return _idx("mnist", "MNIST", "MNIST", size, root, download)


def _idx(name: str, title: str, kind: str, size: int | None, root: Path, download: bool) -> Data:
    from torchvision import datasets

    where = f"{kind}/raw with the four …-ubyte files, unpacked"
    train, test = _both(getattr(datasets, kind), title, where, root, download)
    classes = tuple(str(c).partition(" - ")[0] for c in train.classes) if kind == "MNIST" else tuple(train.classes)
    splits = [Split(resized(half.data[:, None], size), half.targets.long()) for half in (train, test)]
    return Data(name, title, splits[0], splits[1], tuple("0123456789") if kind == "MNIST" else classes)


def cifar10(size: int | None, root: Path, download: bool) -> Data:
    """CIFAR-10, from its own files, or from a copy as class folders of pictures (train/cat/0.png …)."""
    from torchvision import datasets

    copy = _class_folders(root, ("cifar10", "CIFAR10", "cifar-10"), "test")
    if copy is not None:
        train, classes = _pictures(copy / "train", size or 32)
        test, _ = _pictures(copy / "test", size or 32)
        lossy = any((copy / "train").glob("*/*.jp*g"))
        return Data("cifar10", "CIFAR-10, JPEG copy" if lossy else "CIFAR-10", train, test, classes)
    where = "cifar-10-batches-py, or class folders train/airplane/… and test/airplane/…"
    halves = _both(datasets.CIFAR10, "CIFAR-10", where, root, download)
    splits = []
    for half in halves:
        pixels = torch.from_numpy(half.data).permute(0, 3, 1, 2).contiguous()
        splits.append(Split(resized(pixels, size), torch.tensor(half.targets)))
    return Data("cifar10", "CIFAR-10", splits[0], splits[1], tuple(halves[0].classes))


def hymenoptera(size: int | None, root: Path, download: bool) -> Data:
    """Ants and bees, 244 + 153 photographs: PyTorch's transfer learning tutorial's, cut to squares of 224 pixels."""
    found = _class_folders(root, ("hymenoptera_data",), "val")
    if found is None:
        if not download:
            raise _unavailable("Ants and bees", root, "hymenoptera_data/train and hymenoptera_data/val", "")
        _fetch_hymenoptera(root)
        found = root / "hymenoptera_data"
    train, classes = _pictures(found / "train", size or 224)
    test, _ = _pictures(found / "val", size or 224)
    return Data("hymenoptera", "ants and bees", train, test, classes)


def _both(kind: Callable[..., Any], title: str, where: str, root: Path, download: bool) -> tuple[Any, Any]:
    """Open both halves of a torchvision data set; it downloads, checks and unpacks what is missing."""
    try:
        return kind(root, train=True, download=download), kind(root, train=False, download=download)
    except (RuntimeError, OSError, AssertionError, ValueError, EOFError) as error:  # URLError is an OSError
        if isinstance(error, RuntimeError | OSError) and CUT_SHORT not in str(error):
            raise _unavailable(title, root, where, str(error) if download else "") from error
        top = where.split("/")[0].split(",")[0]
        raise DatasetUnavailable(
            f"A file of {title} in {root} is damaged: perhaps an earlier run was interrupted. Delete the folder {top} "
            "there, and run it once more."
        ) from error


def _unavailable(title: str, root: Path, where: str, reason: str) -> DatasetUnavailable:
    """Make the message; ``reason`` is why the download failed, empty where none was tried."""
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    why = f"could not be downloaded ({lines[-1]})" if lines else "download=False keeps it from being downloaded"
    return DatasetUnavailable(
        f"{title} is not in {root}, and {why}.\n"
        '- Without a network, use "digits" or "shapes": they need none.\n'
        f"- If you have the files, pass root= of a folder that you can write and that holds {where}.\n"
        "- With a network, run it once more: what is complete is kept."
    )


def _class_folders(root: Path, names: tuple[str, ...], second: str) -> Path | None:
    """Return the folder, ``root`` itself or one of ``names`` in it, that has train/ and ``second``/ with classes."""
    for candidate in (root, *(root / name for name in names)):
        if all(any((candidate / half).glob("*/*")) for half in ("train", second)):
            return candidate
    return None


def _pictures(where: Path, size: int) -> tuple[Split, tuple[str, ...]]:
    """Read class folders: each picture resized on its shorter side, and the middle square taken."""
    from torchvision.datasets import ImageFolder

    listed = ImageFolder(str(where))
    pixels = torch.empty(len(listed), 3, size, size, dtype=torch.uint8)
    labels = torch.empty(len(listed), dtype=torch.int64)
    with Progress(f"reading {where.name}", len(listed)) as progress:
        for i in range(len(listed)):
            picture, labels[i] = listed[i]
            pixels[i] = _square(picture, size)
            progress.step()
    return Split(pixels, labels), tuple(listed.classes)


def _square(picture: Any, size: int) -> Tensor:
    from torchvision.transforms.functional import center_crop, pil_to_tensor, resize

    if picture.size != (size, size):
        picture = center_crop(resize(picture, [size]), [size, size])
    return pil_to_tensor(picture)  # type: ignore[no-any-return]


def _fetch_hymenoptera(root: Path) -> None:
    archive = root / "hymenoptera_data.zip"
    try:
        root.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(HYMENOPTERA, str(archive), HYMENOPTERA_SHA256)
    except (RuntimeError, OSError) as error:
        where = "hymenoptera_data/train and hymenoptera_data/val"
        raise _unavailable("Ants and bees", root, where, str(error)) from error
    unpack(archive, root, "hymenoptera_data")
    archive.unlink(missing_ok=True)


def unpack(archive: Path, root: Path, top: str) -> None:
    """Unpack the folder ``top`` of a zip file into ``root``, whole or not at all.

    Raises:
        ValueError: a member would land outside of ``top``, or the archive is far larger than it should be.
    """
    with zipfile.ZipFile(archive) as bundle:
        members = [m for m in bundle.infolist() if not m.filename.startswith("__MACOSX/")]
        for member in members:
            parts = Path(member.filename).parts
            if parts[:1] != (top,) or ".." in parts or "\\" in member.filename:
                raise ValueError(f"{archive.name} holds {member.filename!r}, which does not belong there.")
        if sum(m.file_size for m in members) > LARGEST_ARCHIVE:
            raise ValueError(f"{archive.name} unpacks to more than {LARGEST_ARCHIVE // 2**20} MB.")
        with tempfile.TemporaryDirectory(dir=root) as beside:
            bundle.extractall(beside, members)
            try:
                Path(beside, top).replace(root / top)
            except OSError:
                if not (root / top).is_dir():  # else another process was faster, with the same files
                    raise
