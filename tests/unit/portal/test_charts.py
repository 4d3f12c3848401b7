from __future__ import annotations

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from pbx_bridge.web.kit.charts import WIDTH, Bar, columns, grid, rows


def shapes(svg: Markup, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(tag))  # noqa: S314 - our own picture


@pytest.mark.parametrize("count", [0, 1, 7, 62, 300])
def test_bars_stay_inside_the_picture(count: int) -> None:
    svg = columns([Bar(f"{n}", f"{n}", (n % 9, n % 2)) for n in range(count)])
    for bar in shapes(svg, "rect"):
        assert 0 <= float(bar.attrib["x"]) <= WIDTH
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= WIDTH + 0.1
        assert float(bar.attrib["y"]) >= 0


def test_heights_are_in_proportion_and_parts_stand_on_each_other() -> None:
    first, second, third = shapes(columns([Bar("a", "a", (10, 0)), Bar("b", "b", (5, 5))]), "rect")
    assert float(first.attrib["height"]) == 2 * float(second.attrib["height"])
    assert float(third.attrib["y"]) == float(first.attrib["y"])
    assert "is-outlined" in third.attrib["class"]


def test_names_are_text_and_no_markup() -> None:
    svg = rows([Bar("<script>alert(1)</script>", "<script>alert(1)</script>", (1,))])
    assert "<script>" not in svg
    assert shapes(svg, "text")[0].text == "<script>alert(1)</script>"


def test_every_number_of_the_grid_is_written_and_no_empty_cell_is() -> None:
    svg = grid(["Mo", "Di"], ["9 Uhr"], [[3, 0]])
    assert [text.text for text in shapes(svg, "text")] == ["Mo", "Di", "9 Uhr", "3"]


def test_no_style_and_no_script_that_the_policy_would_refuse() -> None:
    pictures = (columns([Bar("a", "a", (1, 1))]), rows([Bar("a", "a", (1, 1))]), grid(["a"], ["b"], [[1]]))
    assert not any("style" in svg or "script" in svg for svg in pictures)
