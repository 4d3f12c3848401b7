"""By when somebody calls back, as agents type it on a Saturday morning while the caller is still talking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.notes.callback_time import WhenRefusal, understand
from tests.rules.sample_facts import BERLIN, berlin

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)  # Saturday, 10:00 in Berlin


def at(day: int, hour: int = 18, minute: int = 0, month: int = 12, year: int = 2026) -> datetime:
    return berlin(year, month, day, hour, minute)


TODAY, TOMORROW, MONDAY, FRIDAY = 28, 29, 30, 4


@pytest.mark.parametrize(
    "typed, moment",
    [
        ("bis 17.12", at(17)),
        ("17.12", at(17)),
        ("17.1", at(17, month=1, year=2027)),
        ("24.12", at(24)),
        ("bis 17.12 14 Uhr", at(17, 14)),
        ("17.30", at(TODAY, 17, 30, month=11)),
        ("17.10 Uhr", at(TODAY, 17, 10, month=11)),
        ("morgen 9.10", at(TOMORROW, 9, 10, month=11)),
        ("17/12", at(17)),
        ("17/12/2026 9:00", at(17, 9)),
        ("17. Dezember", at(17)),
        ("am 17. Dez. um 10", at(17, 10)),
        ("December 17, 2pm", at(17, 14)),
        ("17 Dec 2026", at(17)),
        ("am 3.", at(3)),
        ("bis zum 15.", at(15)),
        ("Mo 30.11. 10 Uhr", at(MONDAY, 10, month=11)),
        ("Montag, 30.11.2026, 10:00 Uhr", at(MONDAY, 10, month=11)),
        ("bitte RR bis Mo 30.11., 14 Uhr", at(MONDAY, 14, month=11)),
        ("morgen mittag um 1", at(TOMORROW, 13, month=11)),
        ("heute nachmittag um 3", at(TODAY, 15, month=11)),
        ("heute Nachmittag", at(TODAY, 17, month=11)),
        ("bis acht Uhr abends", at(TODAY, 20, month=11)),
        ("übermorgen früh", at(MONDAY, 9, month=11)),
        ("Freitag morgen", at(FRIDAY, 9)),
        ("Freitagnachmittag", at(FRIDAY, 17)),
        ("Montagmorgen 8 Uhr", at(MONDAY, 8, month=11)),
        ("so gegen 15 Uhr", at(TODAY, 15, month=11)),
        ("so um 3", at(TODAY, 15, month=11)),
        ("so bis 16 Uhr", at(TODAY, 16, month=11)),
        ("So 15 Uhr", at(TOMORROW, 15, month=11)),
        ("in zwei Wochen", at(12, 10)),
        ("in einer Woche", at(5, 10)),
        ("in 14 Tagen", at(12, 10)),
        ("in drei Tagen", at(1, 10)),
        ("in 3 Tagen", at(1, 10)),
        ("in einem Monat", at(28, 10)),
        ("in anderthalb Stunden", at(TODAY, 11, 30, month=11)),
        ("in 1½ Stunden", at(TODAY, 11, 30, month=11)),
        ("in einer Viertelstunde", at(TODAY, 10, 15, month=11)),
        ("in einer Dreiviertelstunde", at(TODAY, 10, 45, month=11)),
        ("in two weeks", at(12, 10)),
        ("in a fortnight", at(12, 10)),
        ("halb drei", at(TODAY, 14, 30, month=11)),
        ("morgen halb zehn", at(TOMORROW, 9, 30, month=11)),
        ("viertel nach 4", at(TODAY, 16, 15, month=11)),
        ("Viertel vor vier", at(TODAY, 15, 45, month=11)),
        ("dreiviertel vier", at(TODAY, 15, 45, month=11)),
        ("fünf vor halb drei", at(TODAY, 14, 25, month=11)),
        ("zehn nach vier", at(TODAY, 16, 10, month=11)),
        ("half past two", at(TODAY, 14, 30, month=11)),
        ("quarter to 5 pm", at(TODAY, 16, 45, month=11)),
        ("zwischen 14 und 16 Uhr", at(TODAY, 16, month=11)),
        ("von 14 bis 16 Uhr", at(TODAY, 16, month=11)),
        ("14-16 Uhr", at(TODAY, 16, month=11)),
        ("between 2 and 4pm", at(TODAY, 16, month=11)),
        ("kommenden Freitag", at(FRIDAY)),
        ("diesen Freitag", at(FRIDAY)),
        ("übernächsten Montag", at(7)),
        ("bis Ende der Woche", at(TOMORROW, month=11)),
        ("nächste Woche", at(FRIDAY)),
        ("Anfang nächster Woche", at(MONDAY, month=11)),
        ("Mitte nächster Woche", at(2)),
        ("Montag nächster Woche 10 Uhr", at(MONDAY, 10, month=11)),
        ("Montag in einer Woche", at(7)),
        ("heute in einer Woche", at(5)),
        ("übernächste Woche", at(11)),
        ("bis Monatsende", at(MONDAY, month=11)),
        ("noch heute", at(TODAY, month=11)),
        ("bis Feierabend", at(TODAY, month=11)),
        ("by end of day", at(TODAY, month=11)),
        ("next week", at(FRIDAY)),
        ("this afternoon", at(TODAY, 17, month=11)),
        ("the day after tomorrow at 9", at(MONDAY, 9, month=11)),
        ("tonight", at(TODAY, 20, month=11)),
    ],
)
def test_it_is_understood_as_the_caller_meant_it(typed: str, moment: datetime) -> None:
    assert understand(typed, NOW, BERLIN) == moment


def test_on_a_weekday_the_end_of_the_week_is_friday() -> None:
    wednesday = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    for typed in ("bis Ende der Woche", "diese Woche", "bis zum Wochenende", "end of the week"):
        assert understand(typed, wednesday, BERLIN) == at(27, month=11)


@pytest.mark.parametrize(
    "typed, code",
    [
        ("17.10", WhenRefusal.AMBIGUOUS),
        ("9.10", WhenRefusal.AMBIGUOUS),
        ("Di 30.11. 10 Uhr", WhenRefusal.AMBIGUOUS),
        ("morgen um drei", WhenRefusal.AMBIGUOUS),
        ("ab 14 Uhr", WhenRefusal.EARLIEST),
        ("nicht vor 14 Uhr", WhenRefusal.EARLIEST),
        ("nach 14 Uhr", WhenRefusal.EARLIEST),
        ("erst morgen", WhenRefusal.EARLIEST),
        ("after 2pm", WhenRefusal.EARLIEST),
        ("31.11", WhenRefusal.NO_SUCH_DAY),
        ("29.2.", WhenRefusal.NO_SUCH_DAY),
        ("irgendwann", WhenRefusal.NOT_UNDERSTOOD),
        ("so bald wie möglich", WhenRefusal.NOT_UNDERSTOOD),
        ("halb zehn", WhenRefusal.PAST),
    ],
)
def test_what_can_be_read_in_two_ways_or_is_no_end_is_asked(typed: str, code: WhenRefusal) -> None:
    found = understand(typed, NOW, BERLIN)
    assert not isinstance(found, datetime), found
    assert found.code == code
