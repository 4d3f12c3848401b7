from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from rules.customers.change_feed import REMEMBERED, Comparison, NewsKind, changes, comparison, latest
from rules.model import Appointment, Customer, Employee, FaqEntry, Tariff
from rules.stepwise import at_once

HOLIDAY = Appointment(
    "a1",
    "Im Urlaub.",
    datetime.fromisoformat("2026-11-24"),
    datetime.fromisoformat("2026-11-28"),
    all_day=True,
)
ERIKA = Employee("e1", "Beispiel, Erika", "Erika", "Beispiel")
JENS = Employee("e2", "Jens Meier", "Jens", "Meier", absence_info="Nur vormittags")
BEFORE = Customer(
    "c1",
    "Mustermann AG",
    Tariff("t", "Premium", True),
    "Guten Tag, [Vorname, Nachname].",
    instruction="Nur Notizen.",
    employees=(ERIKA, JENS),
    faq=(FaqEntry("f1", "Wo kann ich parken?", "Auf dem Hof."),),
)


@pytest.mark.parametrize(
    "after, kind, facts",
    [
        (replace(BEFORE, greeting="Hallo, [Vorname]."), NewsKind.GREETING, {}),
        (replace(BEFORE, instruction="Anders."), NewsKind.INSTRUCTION, {}),
        (replace(BEFORE, instruction=""), NewsKind.INSTRUCTION_GONE, {}),
        (replace(BEFORE, employees=(JENS,)), NewsKind.EMPLOYEE_GONE, {"name": "Erika Beispiel"}),
        (
            replace(BEFORE, employees=(ERIKA, JENS, Employee("e3", "Ines Brunner", "Ines", "Brunner"))),
            NewsKind.EMPLOYEE_NEW,
            {"name": "Ines Brunner"},
        ),
        (
            replace(BEFORE, employees=(replace(ERIKA, appointments=(HOLIDAY,)), JENS)),
            NewsKind.AWAY,
            {"name": "Erika Beispiel", "text": "Im Urlaub"},
        ),
        (
            replace(BEFORE, employees=(replace(ERIKA, absence_info="Montags im Werk"), JENS)),
            NewsKind.INFO,
            {"name": "Erika Beispiel", "text": "Montags im Werk"},
        ),
        (
            replace(BEFORE, employees=(ERIKA, replace(JENS, absence_info=""))),
            NewsKind.INFO_GONE,
            {"name": "Jens Meier", "text": ""},
        ),
        (replace(BEFORE, faq=()), NewsKind.FAQ_GONE, {"question": "Wo kann ich parken?"}),
        (
            replace(BEFORE, faq=(FaqEntry("f1", "Wo kann ich parken?", "Gar nicht."),)),
            NewsKind.FAQ_CHANGED,
            {"question": "Wo kann ich parken?"},
        ),
        (
            replace(BEFORE, faq=(*BEFORE.faq, FaqEntry("f2", "Wann?", "Um acht."))),
            NewsKind.FAQ_NEW,
            {"question": "Wann?"},
        ),
    ],
)
def test_one_change_is_one_piece_of_news(after: Customer, kind: NewsKind, facts: dict[str, str]) -> None:
    (found,) = changes(BEFORE, after)
    assert (found.kind, found.facts) == (kind, facts)


def test_what_agents_do_not_see_is_no_news() -> None:
    quiet = replace(ERIKA, email="neu@example.org", mobile="+491713920077", cc=("x@example.org",))
    assert changes(BEFORE, replace(BEFORE, employees=(quiet, JENS), default_email="y@example.org")) == ()


def test_an_appointment_taken_back_is_said_once_and_not_both_ways() -> None:
    away = replace(BEFORE, employees=(replace(ERIKA, appointments=(HOLIDAY,)), JENS))
    found = latest(
        (*changes(BEFORE, away), *changes(away, BEFORE)), datetime.fromisoformat("2026-11-23T09:00")
    )
    assert [news.kind for news in found] == [NewsKind.AWAY_GONE]


def test_an_absence_that_is_over_is_no_news_any_longer() -> None:
    away = replace(BEFORE, employees=(replace(ERIKA, appointments=(HOLIDAY,)), JENS))
    assert latest(changes(BEFORE, away), datetime.fromisoformat("2026-11-27T23:59"))
    assert not latest(changes(BEFORE, away), datetime.fromisoformat("2026-11-28"))


def test_the_newest_comes_first() -> None:
    middle = replace(BEFORE, greeting="Hallo, [Vorname].")
    found = latest(
        (*changes(BEFORE, middle), *changes(middle, replace(middle, faq=()))),
        datetime.fromisoformat("2026-11-23"),
    )
    assert [news.kind for news in found] == [NewsKind.FAQ_GONE, NewsKind.GREETING]


@pytest.mark.parametrize(
    "after, whose",
    [
        (replace(BEFORE, employees=(ERIKA, JENS, Employee("e3", "Ines Brunner", "Ines", "Brunner"))), "e3"),
        (replace(BEFORE, employees=(replace(ERIKA, appointments=(HOLIDAY,)), JENS)), "e1"),
        (replace(BEFORE, employees=(replace(ERIKA, absence_info="Im Werk"), JENS)), "e1"),
        (replace(BEFORE, employees=(ERIKA, replace(JENS, absence_info=""))), "e2"),
        (replace(BEFORE, employees=(JENS,)), ""),  # that she is gone outlives her
        (replace(BEFORE, greeting="Hallo."), ""),
        (replace(BEFORE, faq=()), ""),
    ],
)
def test_what_is_told_of_somebody_says_of_whom(after: Customer, whose: str) -> None:
    (found,) = changes(BEFORE, after)
    assert found.whose == whose


def test_an_appointment_that_is_gone_is_still_its_persons() -> None:
    away = replace(BEFORE, employees=(replace(ERIKA, appointments=(HOLIDAY,)), JENS))
    (found,) = changes(away, BEFORE)
    assert (found.kind, found.whose) == (NewsKind.AWAY_GONE, "e1")


def test_all_who_are_gone_are_known_however_few_are_told() -> None:
    many = tuple(Employee(f"p{n}", f"Person {n}", "Person", str(n)) for n in range(REMEMBERED * 3))
    found = at_once(
        comparison(replace(BEFORE, employees=(ERIKA, *many)), replace(BEFORE, employees=(ERIKA,)))
    )
    assert found.gone == {one.id for one in many}
    assert len(found.news) == REMEMBERED


def test_at_a_new_company_nothing_is_news() -> None:
    assert at_once(comparison(None, BEFORE)) == Comparison()
