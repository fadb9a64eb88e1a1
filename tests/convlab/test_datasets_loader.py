"""Walking through a data set: the loader that keeps it on the device, and PyTorch's."""

import pytest
import torch
from torch.utils.data import DataLoader

from convlab import datasets
from convlab.datasets import DeviceLoader, RandomFlip, RandomShift, Split


def numbered(count: int = 10, dtype: torch.dtype = torch.uint8) -> Split:
    """Pictures that all differ: the picture of label i has the value i everywhere."""
    labels = torch.arange(count)
    return Split(labels[:, None, None, None].expand(count, 2, 3, 4).to(dtype).clone(), labels)


@pytest.mark.parametrize("on_device", [True, False])
def test_both_loaders_give_the_same_things(on_device: bool) -> None:
    train, test = datasets.loaders("digits", 100, on_device=on_device)
    assert (len(train), train.examples) == (15, 1433)
    assert (len(test), test.examples) == (4, 364)
    assert train.classes == test.classes == tuple("0123456789")
    batches = list(train)
    assert [len(y) for _, y in batches] == [100] * 14 + [33]
    x, y = batches[0]
    assert x.shape == (100, 1, 8, 8)
    assert (x.dtype, y.dtype) == (torch.float32, torch.int64)
    digits = datasets.load("digits")
    assert torch.equal(torch.cat([x for x, _ in test]), digits.test.images)
    assert torch.equal(torch.cat([y for _, y in test]), digits.test.labels)
    seen = torch.cat([x for x, _ in batches]).flatten(1).tolist()
    assert sorted(seen) == sorted(digits.train.images.flatten(1).tolist())


def test_off_the_device_it_is_the_ordinary_dataloader() -> None:
    train, test = datasets.loaders("digits", on_device=False)
    assert isinstance(train, DataLoader)
    assert isinstance(test, DataLoader)


@pytest.mark.parametrize("on_device", [True, False])
def test_orders_follow_from_the_seed_and_differ_between_epochs(on_device: bool) -> None:
    def two_epochs(seed: int) -> list[list[int]]:
        train, _ = datasets.loaders("digits", 64, seed=seed, on_device=on_device)
        return [torch.cat([y for _, y in train]).tolist() for _ in range(2)]

    first, second = two_epochs(1)
    assert first != second
    assert two_epochs(1) == [first, second]
    assert two_epochs(2)[0] != first


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_a_picture_keeps_its_label(dtype: torch.dtype) -> None:
    scale = 255 if dtype == torch.uint8 else 1
    for x, y in DeviceLoader(numbered(dtype=dtype), 4):
        assert torch.allclose(x, y.float()[:, None, None, None].expand_as(x) / scale)
        assert x.dtype == torch.float32


def test_two_walks_at_once_do_not_disturb_each_other() -> None:
    loader = DeviceLoader(numbered(), 2)
    pairs = list(zip(loader, loader, strict=True))
    for walk in (0, 1):
        labels = torch.cat([pair[walk][1] for pair in pairs])
        assert sorted(labels.tolist()) == list(range(10))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_a_batch_may_be_changed_in_place(shuffle: bool, dtype: torch.dtype) -> None:
    split = numbered(dtype=dtype)
    before = split.pixels.clone()
    for x, y in DeviceLoader(split, 4, shuffle=shuffle):
        x.fill_(7)
        y.fill_(7)
    assert torch.equal(split.pixels, before)
    assert split.labels.tolist() == list(range(10))


@pytest.mark.parametrize("on_device", [True, False])
def test_only_training_pictures_are_augmented(on_device: bool) -> None:
    train, test = datasets.loaders("digits", 64, augment=lambda x: x * 0 - 1, on_device=on_device)
    assert all(bool((x == -1).all()) for x, _ in train)
    assert all(float(x.min()) >= 0 for x, _ in test)


def test_the_pictures_are_given_in_the_size_asked_for() -> None:
    train, test = datasets.loaders("digits", size=20)
    assert next(iter(train))[0].shape == (256, 1, 20, 20)
    assert next(iter(test))[0].shape == (256, 1, 20, 20)


def test_a_batch_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        datasets.loaders("digits", 0)


def test_the_set_is_where_the_device_is() -> None:
    loader = DeviceLoader(numbered(), 4, device="meta", shuffle=True)
    assert loader.pixels.device.type == "meta"
    assert [(x.device.type, tuple(x.shape)) for x, _ in loader] == [("meta", (n, 2, 3, 4)) for n in (4, 4, 2)]


def test_flip_mirrors_some_pictures_and_leaves_the_rest() -> None:
    x = torch.rand(400, 1, 3, 5)
    flipped = RandomFlip()(x)
    mirrored = (flipped == x.flip(-1)).flatten(1).all(1)
    same = (flipped == x).flatten(1).all(1)
    assert bool((mirrored ^ same).all())
    assert 140 < int(mirrored.sum()) < 260
    assert torch.equal(RandomFlip(p=0)(x), x)
    assert torch.equal(RandomFlip(p=1)(x), x.flip(-1))


def test_shift_moves_each_picture_whole_and_fills_with_zeros() -> None:
    x = torch.zeros(300, 2, 7, 9)
    x[:, 0, 3, 4] = 1
    x[:, 1, 3, 4] = 2
    moved = RandomShift(2)(x)
    assert moved.shape == x.shape
    places = moved[:, 0].nonzero()[:, 1:]
    assert torch.equal(places, moved[:, 1].nonzero()[:, 1:])
    assert places.unique(dim=0).tolist() == [[row, column] for row in range(1, 6) for column in range(2, 7)]
    assert torch.equal(RandomShift(1)(torch.ones(50, 1, 4, 4)).flatten(1).sum(1).unique(), torch.tensor([9.0, 12, 16]))


def test_augmentation_follows_from_its_seed_and_goes_on_from_batch_to_batch() -> None:
    x = torch.rand(20, 1, 8, 8)
    one, other = RandomShift(3, seed=5), RandomShift(3, seed=5)
    first, second = one(x), one(x)
    assert torch.equal(other(x), first)
    assert torch.equal(other(x), second)
    assert not torch.equal(first, second)
    assert not torch.equal(RandomShift(3, seed=6)(x), first)


def test_augmentations_follow_each_other() -> None:
    x = torch.rand(6, 1, 4, 4)
    assert torch.equal(datasets.Both(RandomFlip(1), lambda x: x + 1)(x), x.flip(-1) + 1)
