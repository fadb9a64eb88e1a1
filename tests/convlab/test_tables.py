import xml.etree.ElementTree as ET

import pytest

from convlab.claims import Claim, claims_table
from convlab.tables import Table


def test_a_table_is_well_formed_html_with_header_and_cells() -> None:
    root = ET.fromstring(Table(["layer", "MACs"], [["conv", 1234567], ["pool", 0]])._repr_html_())
    assert [cell.text for cell in root.iter("th")] == ["layer", "MACs"]
    assert [cell.text for cell in root.iter("td")] == ["conv", "1,234,567", "pool", "0"]


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    root = ET.fromstring(Table(["name", "value"], [["a", 1], ["b", 2.5]])._repr_html_())
    sides = [cell.attrib["style"].split(";")[0] for cell in root.iter("td")]
    assert sides == ["text-align:left", "text-align:right"] * 2


def test_a_table_can_be_scrolled_with_the_keyboard() -> None:
    root = ET.fromstring(Table(["a"], [[1]], caption="Counts")._repr_html_())
    assert (root.attrib["role"], root.attrib["tabindex"], root.attrib["aria-label"]) == ("region", "0", "Counts")


def test_cells_are_escaped_and_second_lines_set_smaller() -> None:
    page = Table(["a"], [["x < y\nsource & year"]])._repr_html_()
    assert "x &lt; y<br><small>source &amp; year</small>" in page


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells, the header 2"):
        Table(["a", "b"], [[1]])


def test_in_a_terminal_columns_are_aligned() -> None:
    assert repr(Table(["n", "word"], [[1000, "x"]])) == "n      word\n1,000  x   "


def test_claims_show_statement_source_measurement_and_verdict() -> None:
    page = claims_table(
        [
            Claim("Pooling has parameters.", "a blog", "0 parameters", "wrong"),
            Claim("It shrinks maps.", "books", "28 → 14", "holds"),
            Claim("It is invariant.", "books", "sometimes", "half true"),
            Claim("It helps.", "a blog", "1 ± 2 points", "not seen here"),
        ]
    )._repr_html_()
    assert "Pooling has parameters.<br><small>a blog</small>" in page
    for verdict in ("✗ wrong", "✓ holds", "≈ half true", "○ not seen here"):
        assert page.count(verdict) == 1
    assert "<caption>Of 4 claims: 1 holds, 1 half true, 1 not seen here, 1 wrong</caption>" in page
    assert page.index("✗ wrong") < page.index("Pooling has parameters.")
