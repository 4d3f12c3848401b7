"""Both languages say the same, and name the same gaps."""

from __future__ import annotations

import re

import pytest

from pbx_bridge.portal.navigation import ENTRIES
from pbx_bridge.web.i18n import catalogue
from pbx_bridge.web.kit.navigation import HOUSE

GAP = re.compile(r"\{(\w+)\}")


def gaps(sentence: str) -> set[str]:
    """Those of a sentence; a month is a figure in some languages and a name in others."""
    return {gap.removesuffix("_name") for gap in GAP.findall(sentence)}


@pytest.mark.parametrize("room", ["portal", "web"])
def test_german_and_english_have_the_same_texts_with_the_same_gaps(room: str) -> None:
    german, english = catalogue(room, "de"), catalogue(room, "en")
    assert german.keys() == english.keys()
    assert [key for key in german if gaps(german[key]) != gaps(english[key])] == []


def test_every_page_has_its_name() -> None:
    known = catalogue("portal", "de").keys() | catalogue("web", "de").keys()
    assert {f"nav.{entry.key}" for entry in (*ENTRIES, *HOUSE)} <= known
