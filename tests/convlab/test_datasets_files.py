"""The data sets that are files, on small ones made here; nothing goes to the network."""

import hashlib
import pickle
import socket
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from convlab import datasets
from convlab.datasets import DatasetUnavailable, files

NAMES_ON_DISK = {"fashion_mnist": "FashionMNIST", "mnist": "MNIST"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def idx(array: np.ndarray) -> bytes:
    """The format of MNIST's files: two zeros, 8 for uint8, the number of axes, their lengths, the values."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx_set(root: Path, name: str, train: int = 40, test: int = 20) -> dict[str, np.ndarray]:
    raw = root / NAMES_ON_DISK[name] / "raw"
    raw.mkdir(parents=True)
    random = np.random.default_rng(0)
    made = {}
    for part, count in (("train", train), ("t10k", test)):
        made[part] = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(idx(made[part]))
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(idx(np.arange(count, dtype=np.uint8) % 10))
    return made


@pytest.mark.parametrize("name", NAMES_ON_DISK)
def test_idx_sets_are_read_from_root(name: str, tmp_path: Path) -> None:
    made = write_idx_set(tmp_path, name)
    data = datasets.load(name, root=tmp_path)
    assert data.train.images.shape == (40, 1, 28, 28)
    assert torch.allclose(data.test.images[:, 0], torch.from_numpy(made["t10k"]).float() / 255)
    assert data.test.labels.tolist() == [i % 10 for i in range(20)]
    assert data.test.labels.dtype == torch.int64
    assert len(data.classes) == 10
    assert data.train.pixels.dtype == torch.uint8  # a quarter of the memory, until a batch is made


def test_names_of_classes(tmp_path: Path) -> None:
    for name in NAMES_ON_DISK:
        write_idx_set(tmp_path, name)
    assert datasets.load("mnist", root=tmp_path).classes == tuple("0123456789")
    assert datasets.load("fashion_mnist", root=tmp_path).classes[9] == "Ankle boot"


def test_loaders_read_files_and_resize(tmp_path: Path) -> None:
    write_idx_set(tmp_path, "mnist")
    train, test = datasets.loaders("mnist", 16, size=14, root=str(tmp_path))
    x, y = next(iter(train))
    assert x.shape == (16, 1, 14, 14)
    assert (x.dtype, y.dtype) == (torch.float32, torch.int64)
    assert 0.4 < float(x.mean()) < 0.6
    assert test.examples == 20


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist", "cifar10", "hymenoptera"])
def test_without_a_network_the_message_says_what_to_do(name: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetUnavailable) as caught:
        datasets.load(name, root=tmp_path)
    message = str(caught.value)
    assert str(tmp_path) in message
    assert "no network in this test" in message
    assert 'use "digits" or "shapes": they need none' in message
    assert "pass root=" in message


@pytest.mark.parametrize("name", ["fashion_mnist", "cifar10", "hymenoptera"])
def test_without_download_nothing_is_fetched(name: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetUnavailable, match="download=False") as caught:
        datasets.load(name, root=tmp_path, download=False)
    assert "network in this test" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_short_is_named_as_such(tmp_path: Path) -> None:
    write_idx_set(tmp_path, "mnist")
    images = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    images.write_bytes(images.read_bytes()[:-100])
    with pytest.raises(DatasetUnavailable, match=r"damaged.*Delete the folder MNIST"):
        datasets.load("mnist", root=tmp_path)


def picture(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (32, 32)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path)


@pytest.mark.parametrize("below", ["", "cifar10"])
def test_cifar10_is_read_from_class_folders(below: str, tmp_path: Path) -> None:
    for half in ("train", "test"):
        for i, name in enumerate(("airplane", "automobile")):
            picture(tmp_path / below / half / name / "0.png", (255, 0, 51 * i))
    data = datasets.load("cifar10", root=tmp_path)
    assert data.classes == ("airplane", "automobile")
    assert data.train.images.shape == (2, 3, 32, 32)
    assert data.train.labels.tolist() == [0, 1]
    assert torch.allclose(data.train.images[1].mean((1, 2)), torch.tensor([1, 0, 0.2]))
    assert data.title == "CIFAR-10"


def test_a_lossy_copy_of_cifar10_says_so_in_its_title(tmp_path: Path) -> None:
    for half in ("train", "test"):
        picture(tmp_path / half / "cat" / "0.jpg", (9, 9, 9))
    assert datasets.load("cifar10", root=tmp_path).title == "CIFAR-10, JPEG copy"


def test_cifar10_is_read_from_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import CIFAR10

    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (6, 3072), dtype=np.uint8)

    def write(name: str, content: object) -> str:
        (folder / name).write_bytes(pickle.dumps(content))
        return hashlib.md5((folder / name).read_bytes()).hexdigest()

    batch = {"data": pixels, "labels": [0, 1, 2, 3, 4, 5]}
    monkeypatch.setattr(CIFAR10, "train_list", [["data_batch_1", write("data_batch_1", batch)]])
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", write("test_batch", batch)]])
    names = {"label_names": [f"class {i}" for i in range(10)]}
    monkeypatch.setattr(CIFAR10, "meta", dict(CIFAR10.meta, md5=write("batches.meta", names)))
    data = datasets.load("cifar10", root=tmp_path)
    assert torch.equal(data.train.pixels, torch.from_numpy(pixels).view(6, 3, 32, 32))
    assert data.test.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert data.classes[3] == "class 3"


def photographs(root: Path) -> None:
    for half in ("train", "val"):
        for name, color in (("ants", (255, 0, 0)), ("bees", (0, 255, 0))):
            picture(root / "hymenoptera_data" / half / name / "1.jpg", color, (40, 60))


def zipped(root: Path, archive: Path) -> str:
    with zipfile.ZipFile(archive, "w") as bundle:
        for path in sorted(root.rglob("*.jpg")):
            bundle.write(path, path.relative_to(root))
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def test_ants_and_bees_are_read_and_made_square(tmp_path: Path) -> None:
    photographs(tmp_path)
    data = datasets.load("hymenoptera", size=24, root=tmp_path)
    assert data.train.images.shape == (2, 3, 24, 24)
    assert data.classes == ("ants", "bees")
    assert datasets.load("hymenoptera", root=tmp_path).test.images.shape == (2, 3, 224, 224)


def test_ants_and_bees_are_fetched_checked_and_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photographs(tmp_path / "source")
    archive = tmp_path / "source.zip"
    digest = zipped(tmp_path / "source", archive)
    monkeypatch.setattr(files, "HYMENOPTERA", archive.as_uri())
    monkeypatch.setattr(files, "HYMENOPTERA_SHA256", "0" * 64)
    with pytest.raises(DatasetUnavailable, match="invalid hash value"):
        datasets.load("hymenoptera", root=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
    monkeypatch.setattr(files, "HYMENOPTERA_SHA256", digest)
    data = datasets.load("hymenoptera", size=16, root=tmp_path / "cache")
    assert len(data.train) == len(data.test) == 2
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["hymenoptera_data"]
    archive.unlink()
    assert len(datasets.load("hymenoptera", size=16, root=tmp_path / "cache").train) == 2  # no second download


@pytest.mark.parametrize("member", ["../outside", "/outside", "other/file", "top/../../outside", "top\\..\\file"])
def test_an_archive_that_reaches_outside_is_refused(member: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as bundle:
        bundle.writestr("top/fine", "x")
        bundle.writestr(member, "x")
    with pytest.raises(ValueError, match="does not belong there"):
        files.unpack(tmp_path / "bad.zip", tmp_path, "top")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]


def test_an_archive_that_grows_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_ARCHIVE", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("top/zeros", bytes(1001))
    with pytest.raises(ValueError, match="unpacks to more than"):
        files.unpack(tmp_path / "bomb.zip", tmp_path, "top")


def test_where_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    assert files.folder(None) == tmp_path / "convlab"
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path / "mine"))
    assert files.folder(None) == tmp_path / "mine"
    assert files.folder("~/data") == Path.home() / "data"


def test_the_bar_says_how_far_and_how_long() -> None:
    from convlab.datasets.progress import Progress

    bar = Progress("reading", 200)
    bar.step("first", count=50)
    assert bar.line(bar.started + 30, "first") == f"reading {'━' * 7}{'─' * 21}  25%  1:30 left  first"
    assert bar.line(bar.started).startswith("reading")


def test_the_bar_is_silent_on_short_work(capsys: pytest.CaptureFixture[str]) -> None:
    from convlab.datasets.progress import Progress

    with Progress("reading", 3) as bar:
        for _ in range(3):
            bar.step()
    assert capsys.readouterr().err == ""
