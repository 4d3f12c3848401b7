from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.notes.callback_time import WhenRefusal, understand
from tests.rules.sample_facts import BERLIN, berlin

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Monday, 15:00 in Berlin


@pytest.mark.parametrize(
    "text, moment",
    [
        ("morgen 14 Uhr", berlin(2026, 11, 24, 14)),
        ("heute 16:30", berlin(2026, 11, 23, 16, 30)),
        ("Fr 10", berlin(2026, 11, 27, 10)),
        ("Fr., 10:00", berlin(2026, 11, 27, 10)),
        ("in 30 Min", berlin(2026, 11, 23, 15, 30)),
        ("in 2 h", berlin(2026, 11, 23, 17)),
        ("in 1,5 Stunden", berlin(2026, 11, 23, 16, 30)),
        ("in einer halben Stunde", berlin(2026, 11, 23, 15, 30)),
        ("in half an hour", berlin(2026, 11, 23, 15, 30)),
        ("in 2 Tagen", berlin(2026, 11, 25, 15)),
        ("27.11. 9 Uhr", berlin(2026, 11, 27, 9)),
        ("27.11. 9:30", berlin(2026, 11, 27, 9, 30)),
        ("27.11. 10 Uhr", berlin(2026, 11, 27, 10)),
        ("27.11.26 9", berlin(2026, 11, 27, 9)),
        ("27.11.2026 09:30", berlin(2026, 11, 27, 9, 30)),
        ("2026-11-27 10:00", berlin(2026, 11, 27, 10)),
        ("14:30 Uhr am 27.11.", berlin(2026, 11, 27, 14, 30)),
        ("05.01. 10 Uhr", berlin(2027, 1, 5, 10)),  # the next one to come
        ("tomorrow 2pm", berlin(2026, 11, 24, 14)),
        ("9 am tomorrow", berlin(2026, 11, 24, 9)),
        ("12am tomorrow", berlin(2026, 11, 24, 0)),
        ("12pm tomorrow", berlin(2026, 11, 24, 12)),
        ("next friday 10am", berlin(2026, 11, 27, 10)),
        ("thursday", berlin(2026, 11, 26, 18)),
        ("by tomorrow noon", berlin(2026, 11, 24, 12)),
        ("bis morgen", berlin(2026, 11, 24, 18)),
        ("morgen früh", berlin(2026, 11, 24, 9)),
        ("morgen 3 Uhr nachmittags", berlin(2026, 11, 24, 15)),
        ("heute Abend", berlin(2026, 11, 23, 20)),
        ("übermorgen 8:15", berlin(2026, 11, 25, 8, 15)),
        ("Mo 16", berlin(2026, 11, 23, 16)),
        ("Mo 9", berlin(2026, 11, 30, 9)),
        ("nächsten Montag 16 Uhr", berlin(2026, 11, 30, 16)),
        ("17.30", berlin(2026, 11, 23, 17, 30)),
        ("1530", berlin(2026, 11, 23, 15, 30)),
        ("1530 Uhr", berlin(2026, 11, 23, 15, 30)),
        ("bis 1530h", berlin(2026, 11, 23, 15, 30)),
        ("morgen 930", berlin(2026, 11, 24, 9, 30)),
        ("morgen 0930", berlin(2026, 11, 24, 9, 30)),
        ("morgen 330pm", berlin(2026, 11, 24, 15, 30)),
        ("Fr 1015", berlin(2026, 11, 27, 10, 15)),
        ("morgen 2030", berlin(2026, 11, 24, 20, 30)),  # no year
        ("27.11. 1530", berlin(2026, 11, 27, 15, 30)),
        ("27.11. 2026 1530", berlin(2026, 11, 27, 15, 30)),
        ("27.11.2026 1530", berlin(2026, 11, 27, 15, 30)),
        ("27/11 1530", berlin(2026, 11, 27, 15, 30)),
        ("27. November 1530", berlin(2026, 11, 27, 15, 30)),
        ("27. November 2026 9 Uhr", berlin(2026, 11, 27, 9)),
        ("27. Nov, 2026 9 Uhr", berlin(2026, 11, 27, 9)),
        ("27.11., 2026 10 Uhr", berlin(2026, 11, 27, 10)),
        ("November 27 1530", berlin(2026, 11, 27, 15, 30)),
        ("1530 bis 1645", berlin(2026, 11, 23, 16, 45)),
        ("16-1730 Uhr", berlin(2026, 11, 23, 17, 30)),
        ("2026-11-27", berlin(2026, 11, 27, 18)),
        ("24 Uhr", berlin(2026, 11, 24, 0)),
        ("heute 24:00", berlin(2026, 11, 24, 0)),
        ("2400", berlin(2026, 11, 24, 0)),
        ("bis 24h", berlin(2026, 11, 24, 0)),
        ("Mo 24 Uhr", berlin(2026, 11, 24, 0)),
        ("Fr 24 Uhr", berlin(2026, 11, 28, 0)),
        ("31.12. 24 Uhr", berlin(2027, 1, 1, 0)),
        ("20 bis 24 Uhr", berlin(2026, 11, 24, 0)),
        ("bis Mitternacht", berlin(2026, 11, 24, 0)),
        ("tomorrow midnight", berlin(2026, 11, 25, 0)),
        ("14 Uhr 30 morgen", berlin(2026, 11, 24, 14, 30)),
        ("morgen ０９:00", berlin(2026, 11, 24, 9)),
        ("morgen 03:00", berlin(2026, 11, 24, 3)),
        ("ruft morgen 14 Uhr zurück", berlin(2026, 11, 24, 14)),
        ("Bitte bis Fr 10 zurückrufen", berlin(2026, 11, 27, 10)),
        ("calls back at 10am tomorrow", berlin(2026, 11, 24, 10)),
    ],
)
def test_people_say_when_in_many_ways(text: str, moment: datetime) -> None:
    assert understand(text, NOW, BERLIN) == moment


@pytest.mark.parametrize(
    "text, code",
    [
        ("", WhenRefusal.NOT_UNDERSTOOD),
        ("irgendwann", WhenRefusal.NOT_UNDERSTOOD),
        ("morgen morgen", WhenRefusal.NOT_UNDERSTOOD),
        ("in 99999 min", WhenRefusal.NOT_UNDERSTOOD),
        ("in 0 min", WhenRefusal.NOT_UNDERSTOOD),
        ("um 3", WhenRefusal.AMBIGUOUS),
        ("heute 10 Uhr", WhenRefusal.PAST),
        ("20.11. 9 Uhr", WhenRefusal.PAST),
        ("31.11. 9 Uhr", WhenRefusal.NO_SUCH_DAY),
        ("29.02.2027 9 Uhr", WhenRefusal.NO_SUCH_DAY),
        ("01.01.0001 9 Uhr", WhenRefusal.NO_SUCH_DAY),
        ("morgen 25 Uhr", WhenRefusal.NO_SUCH_TIME),
        ("24:30", WhenRefusal.NO_SUCH_TIME),
        ("morgen 24", WhenRefusal.NO_SUCH_TIME),  # a day, perhaps
        ("22.11. 24 Uhr", WhenRefusal.PAST),
        ("1575", WhenRefusal.NO_SUCH_TIME),
        ("morgen 330", WhenRefusal.AMBIGUOUS),
        ("Durchwahl 1530", WhenRefusal.NOT_UNDERSTOOD),
        ("15300", WhenRefusal.NOT_UNDERSTOOD),
        ("13pm", WhenRefusal.NO_SUCH_TIME),
        ("28.03.2027 02:30", WhenRefusal.NO_SUCH_TIME),
    ],
)
def test_what_is_unclear_or_over_is_refused(text: str, code: WhenRefusal) -> None:
    found = understand(text, NOW, BERLIN)
    assert not isinstance(found, datetime)
    assert found.code == code


def test_a_refusal_offers_what_may_be_meant() -> None:
    found = understand("morgen um 3", NOW, BERLIN)
    assert not isinstance(found, datetime)
    assert found.params == {"first": "03:00", "second": "15:00"}


def test_hours_are_real_time_over_a_clock_change() -> None:
    before = berlin(2026, 10, 25, 1, 30)
    assert understand("in 2 Stunden", before, BERLIN) == berlin(2026, 10, 25, 2, 30, fold=1)


WORDS = [
    "morgen",
    "heute",
    "fr",
    "next",
    "in",
    "27.11.",
    "29.02.",
    "3",
    "14:30",
    "24",
    "pm",
    "uhr",
    "30",
    "min",
    "früh",
]
pieces = st.lists(st.sampled_from(WORDS), max_size=5)


@given(pieces.map(" ".join) | st.text(max_size=60))
def test_whatever_is_said_lies_ahead_or_is_refused(text: str) -> None:
    found = understand(text, NOW, BERLIN)
    assert not isinstance(found, datetime) or found > NOW
