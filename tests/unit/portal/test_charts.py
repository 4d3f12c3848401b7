from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from pbx_bridge.portal.statistics.charts import draw
from pbx_bridge.portal.statistics.counts import Tally
from pbx_bridge.portal.statistics.form import Asked
from pbx_bridge.storage.calls.call_filter import Result, Selection
from pbx_bridge.storage.calls.statistics import EmployeeCount
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.kit.charts import WIDTH, Bar, columns, grid, rows
from rules.model import Employee
from tests.rules import sample_facts
from tests.sample_company import NOW


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


def said(*, second: int) -> list[str]:
    """The sentences over the four charts: seven of each, and `second` of another."""
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    counted = Tally(
        days=Counter({monday: 7, tuesday: second}),
        week=Counter({(0, 9): 7, (1, 10): second}),
        results=Counter({Result.NOTED: 7, Result.CLOSED: second}),
    )
    company = sample_facts.company(
        Employee("weiss", "Weiß, Dr. Jörg", "Jörg", "Weiß"), Employee("meier", "Jens Meier", "Jens", "Meier")
    )
    people = [EmployeeCount("weiss", 7, 0), EmployeeCount("meier", second, 0)]
    period = Asked(Selection("", NOW, NOW), monday, tuesday)
    return [
        chart.summary for chart in draw(partial(translate, "portal", "de"), company, period, counted, people)
    ]


def test_whoever_leads_is_named_as_a_sentence_names_people() -> None:
    assert said(second=1) == [
        "Am meisten: Mo 23.11. mit 7 Anrufen.",
        "Am meisten: Mo ab 9 Uhr mit 7 Anrufen.",
        "Am häufigsten: Notiz aufgenommen, 7 Anrufe.",
        "Am meisten: Dr. Jörg Weiß mit 7 Anrufen.",
    ]


def test_of_two_who_are_level_none_is_said_to_lead() -> None:
    assert said(second=7) == ["", "", "", ""]
