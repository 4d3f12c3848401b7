from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.web.i18n import translate
from rules.customers.change_feed import REMEMBERED, News, NewsKind
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
INFO = News(NewsKind.INFO, "info jens", JENS | {"text": "Nur vormittags"}, whose="jens")
HERS = News(NewsKind.INFO, "info erika", ERIKA | {"text": "Im Haus"}, whose="erika")
CURE = replace(away("2026-11-24", "2026-11-28", all_day=True), whose="jens")
NEW, GONE = (
    News(NewsKind.EMPLOYEE_NEW, "employee jens", JENS, whose="jens"),
    News(NewsKind.EMPLOYEE_GONE, "employee jens", JENS),
)
NAMESAKE = replace(INFO, about="info another", whose="another")
OF_THE_GONE = {
    "an absence": (CURE,),
    "an absence taken back": (replace(CURE, kind=NewsKind.AWAY_GONE),),
    "a hint": (INFO,),
    "that they are new": (NEW,),
    "all of it": (NEW, INFO, CURE),
}


def heard(*news: News, company: str = COMPANY.id) -> CompanyNews:
    known = CompanyNews(functools.partial(translate, "desk", strict=True))
    known.add(CompanyChange(company, NOW, one) for one in news)
    return known


def said(known: CompanyNews, company: Customer = COMPANY) -> list[str]:
    return known.sentences(ANNA, company, NOW - timedelta(days=1), NOW)


@pytest.mark.parametrize("before", OF_THE_GONE)
def test_of_whoever_is_gone_nothing_else_is_told(before: str) -> None:
    known = heard(*OF_THE_GONE[before], HERS)
    known.forget_people(COMPANY.id, {"jens"})
    known.add([CompanyChange(COMPANY.id, NOW, GONE)])
    assert len(said(known)) == 2
    assert [one for one in said(known) if "Jens Meier" in one] == said(known)[:1], "only that he is gone"


def test_a_namesake_who_is_still_there_is_told_of() -> None:
    known = heard(INFO, NAMESAKE, CURE)
    known.forget_people(COMPANY.id, {"jens"})
    known.add([CompanyChange(COMPANY.id, NOW, GONE)])
    assert len(said(known)) == 2


def test_however_many_are_gone_nothing_is_told_of_any_of_them() -> None:
    people = [f"p{n}" for n in range(REMEMBERED * 2)]
    known = heard(*(replace(INFO, about=f"info {one}", whose=one) for one in people[:REMEMBERED]))
    known.forget_people(COMPANY.id, people)
    assert said(known) == []


def test_other_companies_keep_what_they_have_and_a_company_that_is_gone_has_nothing() -> None:
    known, other = heard(CURE), replace(COMPANY, id="c2")
    known.add([CompanyChange(other.id, NOW, CURE)])
    known.forget_people(COMPANY.id, {"jens"})
    assert said(known) == []
    assert len(said(known, other)) == 1
    known.forget(other.id)
    assert said(known, other) == []
