from __future__ import annotations

import re
from pathlib import Path

import pytest

import pbx_bridge
from pbx_bridge.web import i18n

ROOMS = sorted(folder.parent.name for folder in Path(pbx_bridge.__file__).parent.glob("*/locale"))
GAP = re.compile(r"\{(\w+)")


def gaps(sentence: str) -> set[str]:
    """Those of a sentence; a month is a figure in some languages and a name in others."""
    return {gap.replace("month_name", "month") for gap in GAP.findall(sentence)}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same(room: str) -> None:
    german, english = i18n.catalogue(room, "de"), i18n.catalogue(room, "en")

    assert german.keys() == english.keys()
    for key in german:
        assert gaps(german[key]) == gaps(english[key]), key
        assert bool(german[key].strip()) == bool(english[key].strip()), key
        assert "!" not in german[key] + english[key], key


def test_a_sentence_of_the_room_else_of_the_house() -> None:
    assert (
        i18n.translate("web", "de", "errors.too_many", seconds=3)
        == "Zu viele Versuche. Bitte warten Sie 3 Sekunden."
    )
    assert i18n.translate("web", "de", "errors.too_many", seconds="1").endswith("Bitte warten Sie 1 Sekunde.")
    assert i18n.translate("desk", "en", "login.enter", strict=True) == "Log in"


def test_one_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"calls.one": "{n} Anruf", "calls.many": "{n} Anrufe"}
    monkeypatch.setattr(i18n, "catalogue", lambda _room, _locale: forms)

    assert [i18n.translate("web", "de", "calls", n=n) for n in (0, 1, 2)] == [
        "0 Anrufe",
        "1 Anruf",
        "2 Anrufe",
    ]


def test_a_missing_sentence_is_its_key_and_an_error_in_tests() -> None:
    assert i18n.translate("web", "de", "no.such") == "no.such"
    with pytest.raises(KeyError, match=r"web/de: no\.such"):
        i18n.translate("web", "de", "no.such", strict=True)


@pytest.mark.parametrize(
    "header,locale",
    [
        ("", "de"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5, de;q=0.9", "de"),
        ("fr", "de"),
        ("en;q=0", "de"),
        ("en;q=much", "de"),
    ],
)
def test_the_browsers_language(header: str, locale: str) -> None:
    assert i18n.best_locale(header) == locale
