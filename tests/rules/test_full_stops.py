"""No full stop twice, and none taken from a date."""

from __future__ import annotations

import pytest

from pbx_bridge.web import i18n
from rules.text.full_stops import one_stop, without_stop


@pytest.mark.parametrize(
    "text, ready",
    [
        ("Im Urlaub.", "Im Urlaub"),
        ("Im Urlaub. ", "Im Urlaub"),
        ("Im Urlaub", "Im Urlaub"),
        ("Rückrufe ab dem 18.10.", "Rückrufe ab dem 18.10."),
        ("kommt am 3.", "kommt am 3."),
        ("weiß noch nicht...", "weiß noch nicht..."),
        ("", ""),
    ],
)
def test_a_text_is_ready_for_a_comma(text: str, ready: str) -> None:
    assert without_stop(text) == ready


@pytest.mark.parametrize(
    "sentence, filling, said",
    [
        ("Termin {when}.", {"when": "bis Di 01.12."}, "Termin bis Di 01.12."),
        ("Termin {when}.", {"when": "bis 14 Uhr"}, "Termin bis 14 Uhr."),
        ("{what}: {why}.", {"what": "Halten", "why": "Warum?"}, "Halten: Warum?"),
        ("{a}... {b}.", {"a": "x.", "b": "y"}, "x.... y."),
        ("{name:dat}.", {"name": "Herr Ott"}, "Herrn Ott."),
    ],
)
def test_a_sentence_ends_once(sentence: str, filling: dict[str, str], said: str) -> None:
    assert i18n.fill(sentence, "de", filling) == said


def test_gaps_within_a_sentence_keep_their_points() -> None:
    assert one_stop("{a}. {b}.", {"a": "x", "b": "y."}).format(a="x", b="y.") == "x. y."
