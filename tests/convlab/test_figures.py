"""One style: legible on light and dark pages, described in words, fit to stand beside others in one page."""

import re
import xml.etree.ElementTree as ET

import pytest
import torch

from convlab import figures
from convlab.figures import COLORS, Drawing


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("page", ["#ffffff", "#14181d", "#121212"])
def test_every_color_stands_out_from_light_and_dark_pages(name: str, page: str) -> None:
    assert contrast(COLORS[name], page) >= 3


def drawings() -> list[Drawing]:
    return [
        figures.bars({"a": 1.0, "b": 2.0}, "Two bars, the second twice as long", "bars"),
        figures.lines([1, 2, 4], {"up": [1, 2, 4], "down": [4, 2, 1]}, "Two lines that cross", "lines", log=True),
        figures.heatmap(torch.eye(5), "A diagonal", "diagonal"),
        figures.image(torch.rand(3, 8, 12), "Coloured noise", "noise"),
        figures.image(torch.rand(8, 12), "Gray noise", "gray"),
    ]


@pytest.mark.parametrize("drawing", drawings(), ids=lambda d: d.caption)
def test_a_drawing_is_well_formed_svg_with_its_alternative_text(drawing: Drawing) -> None:
    root = ET.fromstring(drawing.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == drawing.alt
    assert "viewBox" in root.attrib


@pytest.mark.parametrize("drawing", drawings(), ids=lambda d: d.caption)
def test_a_drawing_brings_no_global_style_typeface_or_background(drawing: Drawing) -> None:
    assert "<style" not in drawing.svg
    assert "font-family" not in drawing.svg
    assert "DejaVu" not in drawing.svg
    assert "#ffffff" not in drawing.svg
    assert "#000000" not in drawing.svg
    assert figures.INK not in drawing.svg


@pytest.mark.parametrize("drawing", drawings(), ids=lambda d: d.caption)
def test_every_reference_inside_a_drawing_has_its_target(drawing: Drawing) -> None:
    targets = set(re.findall(r' id="([^"]+)"', drawing.svg))
    references = set(re.findall(r'(?:url\(#|href="#)([\w.-]+)', drawing.svg))
    assert references == targets


def test_text_takes_the_color_of_the_page() -> None:
    svg = figures.bars({"name": 1.0}, "One bar").svg
    assert "currentColor" in svg
    assert ">name<" in svg.replace("\n", "")


def test_data_keeps_its_color() -> None:
    assert COLORS["blue"] in figures.bars({"name": 1.0}, "One bar").svg


def test_two_different_drawings_share_no_id() -> None:
    one = figures.bars({"a": 1.0}, "One bar").svg
    other = figures.bars({"b": 2.0}, "Another bar").svg
    ids = re.compile(r' id="([^"]+)"')
    assert ids.findall(one)
    assert not set(ids.findall(one)) & set(ids.findall(other))


def test_the_same_drawing_twice_is_the_same_text() -> None:
    assert figures.heatmap(torch.eye(3), "A diagonal").svg == figures.heatmap(torch.eye(3), "A diagonal").svg


def test_a_figure_without_alternative_text_is_refused() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        figures.bars({"a": 1.0}, "  ")


def test_alternative_text_and_caption_are_escaped() -> None:
    drawing = figures.bars({"a": 1.0}, 'a < b & "c"', "x < y")
    assert ET.fromstring(drawing.svg).attrib["aria-label"] == 'a < b & "c"'
    assert ">x &lt; y</figcaption>" in drawing._repr_html_()


def test_a_row_holds_every_panel_with_its_caption() -> None:
    one, other = figures.heatmap(torch.eye(3), "first", "left"), figures.heatmap(torch.eye(3), "second", "right")
    page = figures.row(one, other, caption="both")._repr_html_()
    assert page.count("<svg") == 2
    assert page.index("left") < page.index("right") < page.index(">both</figcaption>")
    assert repr(figures.row(one, other)) == "[figure: first; second]"


def test_a_picture_keeps_its_proportions() -> None:
    box = ET.fromstring(figures.image(torch.rand(10, 30), "noise").svg).attrib["viewBox"].split()
    assert float(box[2]) / float(box[3]) == pytest.approx(3, rel=0.02)


def test_the_style_ends_with_its_block() -> None:
    import matplotlib

    before = matplotlib.rcParams["text.color"]
    with figures.style():
        assert matplotlib.rcParams["text.color"] == figures.INK
    assert matplotlib.rcParams["text.color"] == before
