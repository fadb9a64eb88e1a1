"""Charts count right, stay inside their frame and are well-formed."""

import re
from xml.etree import ElementTree

import pytest

from autograder.reports.charts import dots, histogram

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def counts(svg: str) -> list[int]:
    """Return the numbers over the bars: the texts after the axis's own."""
    texts = [element.text or "" for element in parse(svg).iter("text")]
    return [int(text) for text in texts[texts.index("points") + 1 :]]


@pytest.mark.parametrize(
    ("values", "top", "expected"),
    [
        ([0, 1, 9.9, 10], 10, [1, 1, 2]),
        ([3.6, 4.0, 7.99, 36, 40, -1], 36, [2, 2, 2]),
        ([0.3, 0.1 + 0.2], 1, [2]),
        ([], 10, []),
        ([0, 0], 0, [2]),
    ],
)
def test_histogram_counts_every_value_once(values: list[float], top: float, expected: list[int]) -> None:
    assert counts(histogram(values, top, "marks")) == expected


def test_histogram_has_round_ticks() -> None:
    texts = [element.text for element in parse(histogram([5], 36, "marks")).iter("text")]
    assert texts[:10] == ["0", "4", "8", "12", "16", "20", "24", "28", "32", "36"]


@pytest.mark.parametrize("values", [[0.0], [1.0, 1.0, 1.01], [0.1] * 40 + [21.4]])
def test_dots_stay_inside_the_frame(values: list[float]) -> None:
    svg = parse(dots(values, "seconds", "time"))
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    drawn = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in svg.iter("circle")]
    assert 1 <= len(drawn) <= len(values)
    assert all(0 < x < width and 0 < y < height for x, y in drawn)
    assert len(set(drawn)) == len(drawn)


def test_labels_are_escaped() -> None:
    svg = histogram([1], 2, 'a "quoted" <label>')
    assert parse(svg).attrib["aria-label"] == 'a "quoted" <label>'
    assert re.search(r"<label>", svg) is None
