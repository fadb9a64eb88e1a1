"""Blood cells: the square around a box, what is left out, and what is said where there are no photographs."""

from pathlib import Path
from urllib.error import URLError

import pytest
import torch
from PIL import Image

from experiments import transfer_blood_cells
from experiments.transfer_blood_cells import cells, main, square

CELL = "<object><name>{}</name><bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Two photographs: dark squares of three sizes on a light ground, and a box without an area."""
    for folder in ("JPEGImages", "Annotations", "ImageSets/Main"):
        (tmp_path / "bccd" / folder).mkdir(parents=True)
    boxes = {"RBC": (10, 10, 30, 34), "WBC": (50, 20, 90, 60), "Platelets": (100, 80, 112, 92)}
    for half, name in (("trainval", "one"), ("test", "two")):
        pixels = torch.full((3, 96, 128), 220, dtype=torch.uint8)
        written = [CELL.format("RBC", 5, 5, 5, 40)]
        for kind, (left, top, right, bottom) in boxes.items():
            pixels[:, top:bottom, left:right] = 40
            written.append(CELL.format(kind, left, top, right, bottom))
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(tmp_path / "bccd" / "JPEGImages" / f"{name}.jpg")
        (tmp_path / "bccd" / "Annotations" / f"{name}.xml").write_text(f"<annotation>{''.join(written)}</annotation>")
        (tmp_path / "bccd" / "ImageSets" / "Main" / f"{half}.txt").write_text(f"{name}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((40, 40, 60, 50), (38, 33, 62, 57)),  # 1.2 times the longer side, around the middle
        ((0, 0, 20, 20), (0, 0, 24, 24)),  # at the edge it moves inside
        ((0, 0, 100, 80), (10, 0, 90, 80)),  # and is no larger than the picture
    ],
)
def test_the_square_around_a_box(box: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert square(box, 100, 80) == expected


def test_each_cell_is_a_picture_with_its_kind(photographs: Path) -> None:
    data = cells(16, str(photographs))
    assert data.classes == ("red cell", "white cell", "platelet")
    assert data.train.labels.tolist() == data.test.labels.tolist() == [0, 1, 2]  # the box without an area is left out
    assert data.train.pixels.shape == (3, 3, 16, 16)
    assert data.train.pixels[:, :, 8, 8].max() < 80  # the cell is in the middle


def test_without_photographs_and_network_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise URLError("no network in this test")

    monkeypatch.setattr(transfer_blood_cells.torch.hub, "download_url_to_file", refuse)
    assert main(["--root", str(tmp_path), "--results", str(tmp_path)]) == 3
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "Without a network, pass --root FOLDER of a folder that holds bccd/JPEGImages" in said[0]
