"""The depth experiment in a tiny form."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from experiments import Settings, common, plain_residual
from experiments import __main__ as command_line
from experiments.plain_residual import FULL, SMALL, Scale, loaders_of, scale_of

CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


@pytest.fixture(scope="module")
def cifar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    g = torch.Generator().manual_seed(0)
    for half, count in (("train", 6), ("test", 3)):
        for name in CLASSES:
            (root / half / name).mkdir(parents=True)
            for i in range(count):
                pixels = torch.randint(256, (32, 32, 3), dtype=torch.uint8, generator=g)
                Image.fromarray(pixels.numpy()).save(root / half / name / f"{i}.png")
    return root


def test_a_cpu_gets_the_small_run_and_a_gpu_the_papers() -> None:
    assert scale_of("cpu") is SMALL
    assert scale_of("cuda:1") is FULL
    described = common("plain-residual").describe
    small = described(Settings(epochs=10))
    assert "a learning rate that rises to 0.05 in the first epoch" in small
    assert "20,000 training and 5,000 test pictures of 16 × 16, shifted by up to 2 pixels and mirrored" in small
    full = described(Settings(device="cuda", epochs=100))
    assert full.startswith("100 epochs of SGD with batches of 128")
    assert "rises to 0.1 in" in full
    assert "all pictures of 32 × 32, shifted by up to 4 pixels and mirrored, 16 channels" in full


def test_a_tiny_run_is_complete(cifar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_residual, "SMALL", Scale(2, 8, 40, 20, 20, False))
    monkeypatch.setattr(plain_residual, "PROBE", 20)
    settings = Settings(data="cifar10", seeds=2, epochs=1, root=str(cifar))
    record = command_line.record("plain-residual", settings)
    assert record.data_set == "CIFAR-10"
    assert common("plain-residual").missing(record.data, 2, 1) == []
    nets = record.data["networks"]
    for depth in (20, 56):
        assert nets[f"plain-{depth}"]["parameters"] == nets[f"residual-{depth}"]["parameters"]
    del nets["plain-20"]["slice"][0]
    assert common("plain-residual").missing(record.data, 2, 1) == ["plain-20: slice"]


def test_each_seed_has_pictures_of_its_own(cifar: Path) -> None:
    from convlab import datasets

    data, scale = datasets.load("cifar10", root=cifar), Scale(2, 8, 20, 10, 10, True)
    labels = []
    for seed in (0, 1):
        train, test = loaders_of(data, scale, "cpu", seed)
        assert (train.examples, test.examples) == (20, 10)
        x, _ = next(iter(train))
        assert x.shape == (10, 3, 8, 8)
        assert float(x.min()) < -1
        labels.append(test.labels.tolist())
    assert labels[0] != labels[1]
