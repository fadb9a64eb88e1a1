"""The data sets that need no files: the bundled digits and the drawn shapes."""

import subprocess
import sys

import pytest
import torch

from convlab import datasets

HEAVY = ("sklearn", "d2l", "pandas", "IPython", "rich", "click", "autograder")


def test_importing_convlab_loads_no_torch_and_the_data_sets_nothing_beyond_torch_and_numpy() -> None:
    code = (
        "import sys, convlab; assert 'torch' not in sys.modules;"
        "import convlab.datasets, convlab.results, convlab.trace;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_digits_are_split_once_and_for_all() -> None:
    data = datasets.load("digits")
    assert data.train.images.shape == (1433, 1, 8, 8)
    assert data.test.images.shape == (364, 1, 8, 8)
    assert data.train.images.dtype == torch.float32
    assert data.train.labels.dtype == torch.int64
    assert (float(data.train.images.min()), float(data.train.images.max())) == pytest.approx((0, 1))
    assert data.classes == tuple("0123456789")
    shares = data.test.labels.bincount() / (data.test.labels.bincount() + data.train.labels.bincount())
    assert float((shares - 0.2).abs().max()) < 0.01
    again = datasets.load("digits")
    assert torch.equal(again.test.images, data.test.images)


def test_no_digit_is_in_both_halves() -> None:
    from sklearn.datasets import load_digits

    data = datasets.load("digits")
    both = torch.cat([data.train.images, data.test.images]).flatten(1) * 16
    everything = torch.tensor(load_digits().images, dtype=torch.float32).flatten(1)
    assert sorted(both.tolist()) == sorted(everything.tolist())


def test_digits_resize() -> None:
    data = datasets.load("digits", size=28)
    assert data.train.images.shape[1:] == (1, 28, 28)
    small = datasets.load("digits").train.images
    assert float((data.train.images.mean((1, 2, 3)) - small.mean((1, 2, 3))).abs().max()) < 0.05
    assert float(data.train.images.max()) <= 1


def test_without_scikit_learn_the_shapes_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="scikit-learn, which is not installed"):
        datasets.load("digits")
    assert len(datasets.load("shapes", size=16).train) == 2000


def test_an_unknown_name_gets_the_list() -> None:
    with pytest.raises(KeyError, match="digits, shapes, fashion_mnist, mnist, cifar10, hymenoptera"):
        datasets.load("imagenet")


def test_a_size_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 pixel"):
        datasets.load("digits", size=0)


def test_shapes_follow_from_the_seed_and_the_first_ones_stay() -> None:
    few, many = datasets.shapes(5, seed=3), datasets.shapes(12, seed=3)
    assert torch.equal(few.images, many.images[:5])
    assert few.captions == many.captions[:5]
    assert not torch.equal(few.images, datasets.shapes(5, seed=4).images)


def test_shapes_are_pictures_with_as_many_shapes_as_asked() -> None:
    drawn = datasets.shapes(40, size=48, objects=(1, 4))
    assert drawn.images.shape == (40, 3, 48, 48)
    assert drawn.images.dtype == torch.float32
    assert 0 <= float(drawn.images.min()) < float(drawn.images.max()) <= 1
    assert {len(kinds) for kinds in drawn.labels} == {1, 2, 3, 4}
    assert {len(kinds) for kinds in datasets.shapes(40, objects=1).labels} == {1}


def test_every_kind_and_color_is_drawn() -> None:
    drawn = datasets.shapes(120, size=32)
    assert torch.cat(drawn.labels).unique().tolist() == list(range(len(datasets.SHAPE_NAMES)))
    assert torch.cat(drawn.colors).unique().tolist() == list(range(len(datasets.COLOR_NAMES)))


def test_a_box_encloses_its_mask_exactly_and_masks_do_not_overlap() -> None:
    drawn = datasets.shapes(30, seed=1, objects=3)
    for boxes, masks in zip(drawn.boxes, drawn.masks, strict=True):
        assert boxes.dtype == torch.float32
        assert masks.dtype == torch.bool
        assert int(masks.sum(0).max()) == 1
        for (left, top, right, bottom), mask in zip(boxes.int().tolist(), masks, strict=True):
            inside = mask[top:bottom, left:right]
            assert inside.sum() == mask.sum()
            assert inside[0].any()
            assert inside[-1].any()
            assert inside[:, 0].any()
            assert inside[:, -1].any()


def test_the_picture_has_the_color_that_is_named_where_the_mask_is() -> None:
    from convlab.datasets.scenes import COLORS

    drawn = datasets.shapes(40, seed=2)
    palette = torch.tensor(list(COLORS.values()))
    for picture, colors, masks in zip(drawn.images, drawn.colors, drawn.masks, strict=True):
        for color, mask in zip(colors, masks, strict=True):
            mean = picture[:, mask].mean(1)
            assert int((palette - mean).abs().sum(1).argmin()) == int(color)


def test_areas_tell_the_kinds_apart() -> None:
    """The share of the box that the mask fills: π/4 for a circle, less the hole for a ring."""
    drawn = datasets.shapes(300, size=96, seed=5, objects=1)
    fill: dict[str, list[float]] = {name: [] for name in datasets.SHAPE_NAMES}
    for kinds, boxes, masks in zip(drawn.labels, drawn.boxes, drawn.masks, strict=True):
        left, top, right, bottom = boxes[0].tolist()
        fill[datasets.SHAPE_NAMES[int(kinds[0])]].append(float(masks[0].sum()) / ((right - left) * (bottom - top)))
    middle = {name: float(torch.tensor(values).median()) for name, values in fill.items()}
    assert middle["circle"] == pytest.approx(0.785, abs=0.02)
    assert middle["ring"] == pytest.approx(0.785 * (1 - 0.48**2), abs=0.03)
    assert 0.35 < middle["triangle"] < 0.6
    assert min(fill["square"]) > 0.48
    assert max(fill["square"]) > 0.95


def test_captions_name_what_is_there() -> None:
    drawn = datasets.shapes(60, seed=6)
    for caption, kinds, colors in zip(drawn.captions, drawn.labels, drawn.colors, strict=True):
        for kind, color in zip(kinds.tolist(), colors.tolist(), strict=True):
            assert f"{datasets.COLOR_NAMES[color]} {datasets.SHAPE_NAMES[kind]}" in caption
        assert "a orange" not in caption


def test_captions_say_how_two_shapes_lie() -> None:
    drawn = datasets.shapes(60, seed=7, objects=2)
    seen = set()
    pairs = [(c, b) for c, b in zip(drawn.captions, drawn.boxes, strict=True) if len(b) == 2]
    for caption, boxes in pairs:
        word = next(word for word in ("above", "below", "left of") if word in caption)
        seen.add(word)
        centres = ((boxes[:, :2] + boxes[:, 2:]) / 2).tolist()
        (x0, y0), (x1, y1) = sorted(centres)  # the caption starts with the left one
        ahead = {"above": y1 - y0, "below": y0 - y1, "left of": x1 - x0}[word]
        assert ahead > 0
    assert seen == {"above", "below", "left of"}


def test_no_shapes_are_an_empty_set() -> None:
    assert datasets.shapes(0).images.shape == (0, 3, 64, 64)
    assert len(datasets.shapes(0)) == 0


@pytest.mark.parametrize("objects", [0, 5, (2, 1)])
def test_impossible_numbers_of_objects_are_refused(objects: int | tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="from 1 to 4 objects"):
        datasets.shapes(3, objects=objects)


def test_tiny_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 pixels"):
        datasets.shapes(3, size=8)


def test_the_shapes_as_a_data_set_have_one_shape_a_picture_and_different_halves() -> None:
    data = datasets.load("shapes", size=32)
    assert data.train.images.shape == (2000, 3, 32, 32)
    assert data.test.images.shape == (500, 3, 32, 32)
    assert data.classes == datasets.SHAPE_NAMES
    assert not torch.equal(data.train.images[:500], data.test.images)
    assert "2,000 + 500 of 3×32×32, 5 classes" in repr(data)
