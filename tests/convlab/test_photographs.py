import sys

import pytest
import torch

from convlab.photographs import PHOTOGRAPHS, load_photograph, load_square


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_is_a_float_image_with_channels_first(name: str) -> None:
    picture = load_photograph(name)
    assert picture.shape == (3, 427, 640)
    assert picture.dtype == torch.float32
    assert 0 <= float(picture.min()) < 0.1
    assert 0.9 < float(picture.max()) <= 1


def test_channels_are_red_green_blue() -> None:
    red, _, blue = load_photograph("flower")[:, 200:230, 300:330].mean((1, 2))  # the middle of an orange flower
    assert red > 2 * blue


def test_the_picture_stands_upright() -> None:
    picture = load_photograph("china")
    assert picture[:, :40].mean() > picture[:, -40:].mean()  # bright sky above, dark roofs below


def test_two_loads_do_not_share_memory() -> None:
    load_photograph("china").zero_()
    assert load_photograph("china").mean() > 0.1


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_author_and_licence_are_named(name: str) -> None:
    photograph = PHOTOGRAPHS[name]
    assert photograph.author in photograph.credit
    assert "CC BY 2.0" in photograph.credit
    assert photograph.source.startswith("https://www.flickr.com/photos/")
    assert photograph.author.split()[0] in photograph.source


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(KeyError, match=r"'lena'.*china, flower"):
        load_photograph("lena")


def test_without_scikit_learn_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        load_photograph("china")


def test_the_squares_are_square_and_from_0_to_1() -> None:
    for name in PHOTOGRAPHS:
        picture = load_square(name)
        assert picture.shape == (3, 224, 224)
        assert 0 <= picture.min().item() < picture.max().item() <= 1
