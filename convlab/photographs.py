"""Two real photographs that need no network: the ones bundled with scikit-learn, with their authors and licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["PHOTOGRAPHS", "Photograph", "load_photograph", "load_square"]

CORNERS = {"china": 0, "flower": 110}  # the left edge of the square that shows the subject, 427 pixels wide
CC_BY = "https://creativecommons.org/licenses/by/2.0/"


@dataclass(frozen=True)
class Photograph:
    """Hold the source of a photograph; its licence requires that the author is named."""

    name: str
    subject: str
    author: str
    source: str
    licence: str = "CC BY 2.0"
    licence_url: str = CC_BY

    @property
    def credit(self) -> str:
        return f"Photograph: {self.author}, {self.licence}, bundled with scikit-learn."


PHOTOGRAPHS = {
    "china": Photograph(
        "china",
        "a temple in China, with curved roofs and rows of windows",
        "danielbuechele (Flickr)",
        "https://www.flickr.com/photos/danielbuechele/6061409035/",
    ),
    "flower": Photograph(
        "flower",
        "an orange dahlia seen from the front",
        "vultilion (Flickr)",  # the bundled README's attribution line repeats the other author; its link names this one
        "https://www.flickr.com/photos/vultilion/6056698931/",
    ),
}


def load_photograph(name: str = "china") -> Tensor:
    """Return a photograph as a float32 tensor (3, 427, 640) with values from 0 to 1.

    Raises:
        KeyError: there is no photograph of that name.
        ImportError: scikit-learn, which carries the photographs, is not installed.
    """
    if name not in PHOTOGRAPHS:
        raise KeyError(f"There is no photograph {name!r}. There are: {', '.join(PHOTOGRAPHS)}.")
    try:
        from sklearn.datasets import load_sample_image
    except ImportError as error:
        raise ImportError(
            "The photographs come with scikit-learn, which is not installed. Install it: pip install scikit-learn"
        ) from error
    import torch

    picture = torch.tensor(load_sample_image(f"{name}.jpg"))  # uint8, (H, W, 3)
    return picture.permute(2, 0, 1).float() / 255


def load_square(name: str = "china", side: int = 224) -> Tensor:
    """Return the square part of a photograph that shows its subject, (3, side, side) with values from 0 to 1.

    Raises:
        KeyError: there is no photograph of that name.
        ImportError: scikit-learn, which carries the photographs, is not installed.
    """
    from torch.nn import functional as F

    photo = load_photograph(name)
    square = photo[:, :, CORNERS[name] : CORNERS[name] + photo.shape[1]]
    return F.interpolate(square[None], (side, side), mode="bilinear", antialias=True)[0].clamp(0, 1)
