from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.web.i18n import translate
from rules.customers.change_feed import News, NewsKind
from rules.model import Agent, Customer, Tariff

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMPANY = Customer("c1", "Mustermann AG", Tariff("t", "Premium", True), "Guten Tag.")
ANNA = Agent("anna", "Anna", "Keller", "PJSIP/anna")
ELLEN = Agent("ellen", "Ellen", "Smith", "PJSIP/ellen", "en")


def away(start: str, end: str, *, all_day: bool) -> News:
    facts = {"name": "Jens Meier", "text": "Messe"}
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return News(NewsKind.AWAY, start, facts, first, last, all_day)


def told(*news: News, agent: Agent = ANNA, since: datetime | None = NOW - timedelta(days=1)) -> list[str]:
    known = CompanyNews(functools.partial(translate, "desk", strict=True))
    known.add(
        CompanyChange(COMPANY.id, NOW - timedelta(minutes=len(news) - n), one) for n, one in enumerate(news)
    )
    return known.sentences(agent, COMPANY, since, NOW)


@pytest.mark.parametrize(
    "start, end, all_day, german, english",
    [
        ("2026-11-24", "2026-11-25", True, "am Di 24.11.", "on Tue 24 Nov"),
        ("2026-11-24", "2026-11-28", True, "Di 24.11. bis Fr 27.11.", "Tue 24 Nov to Fri 27 Nov"),
        (
            "2026-11-24T09:00",
            "2026-11-24T12:30",
            False,
            "am Di 24.11., 09:00 bis 12:30 Uhr",
            "on Tue 24 Nov, 09:00 to 12:30",
        ),
        (
            "2026-11-24T09:00",
            "2026-11-25T12:30",
            False,
            "Di 24.11., 09:00 Uhr, bis Mi 25.11., 12:30 Uhr",
            "Tue 24 Nov, 09:00, to Wed 25 Nov, 12:30",
        ),
    ],
)
def test_a_stretch_of_time_is_said_as_one_says_it(
    start: str, end: str, all_day: bool, german: str, english: str
) -> None:
    news = away(start, end, all_day=all_day)
    assert told(news) == [f"Jens Meier: Messe ({german})"]
    assert told(news, agent=ELLEN) == [f"Jens Meier: Messe ({english})"]


def test_five_at_most_and_how_many_more() -> None:
    news = [News(NewsKind.FAQ_NEW, str(n), {"question": f"Frage {n}?"}) for n in range(8)]
    assert told(*news) == [*(f"Neue Frage: Frage {n}?" for n in (7, 6, 5, 4, 3)), "und 3 weitere Änderungen"]


def test_to_whom_all_is_new_nothing_is_news() -> None:
    assert told(News(NewsKind.GREETING, "greeting"), since=None) == []


def test_what_was_known_at_the_last_answer_is_no_news() -> None:
    news = News(NewsKind.GREETING, "greeting")
    assert told(news, since=NOW - timedelta(minutes=2)) == ["Die Begrüßung ist neu."]
    assert told(news, since=NOW) == []


JENS, ERIKA = {"name": "Jens Meier"}, {"name": "Erika Beispiel"}
INFO = News(NewsKind.INFO, "info jens", JENS | {"text": "Nur vormittags"})
HERS = News(NewsKind.INFO, "info erika", ERIKA | {"text": "Im Haus"})
CURE = away("2026-11-24", "2026-11-28", all_day=True)
NEW, GONE = (
    News(NewsKind.EMPLOYEE_NEW, "employee jens", JENS),
    News(NewsKind.EMPLOYEE_GONE, "employee jens", JENS),
)
SUCCESSOR = News(NewsKind.EMPLOYEE_NEW, "employee another", JENS)
OF_THE_GONE = {
    "an absence": (CURE,),
    "an absence taken back": (replace(CURE, kind=NewsKind.AWAY_GONE),),
    "a hint": (INFO,),
    "that they are new": (NEW,),
    "all of it": (NEW, INFO, CURE),
}


@pytest.mark.parametrize("before", OF_THE_GONE)
def test_of_whoever_is_gone_nothing_else_is_told(before: str) -> None:
    known = CompanyNews(functools.partial(translate, "desk", strict=True))
    for found in ([*OF_THE_GONE[before], HERS], [GONE]):
        known.add(CompanyChange(COMPANY.id, NOW, one) for one in found)
    said = known.sentences(ANNA, COMPANY, NOW - timedelta(days=1), NOW)
    assert len(said) == 2
    assert [one for one in said if "Jens Meier" in one] == said[:1], "only that he is gone"


def test_another_of_the_same_name_who_comes_with_the_same_change_is_told() -> None:
    known = CompanyNews(functools.partial(translate, "desk", strict=True))
    for found in ([CURE], [SUCCESSOR, INFO, GONE]):
        known.add(CompanyChange(COMPANY.id, NOW, one) for one in found)
    assert len(known.sentences(ANNA, COMPANY, NOW - timedelta(days=1), NOW)) == 3


def test_other_companies_keep_what_they_have_and_a_company_that_is_gone_has_nothing() -> None:
    known, other = CompanyNews(functools.partial(translate, "desk", strict=True)), replace(COMPANY, id="c2")
    known.add(CompanyChange(company.id, NOW, CURE) for company in (COMPANY, other))
    known.add([CompanyChange(COMPANY.id, NOW, GONE)])
    assert len(known.sentences(ANNA, other, NOW - timedelta(days=1), NOW)) == 1
    known.forget(other.id)
    assert known.sentences(ANNA, other, NOW - timedelta(days=1), NOW) == []
