"""Of a company whose people are not all in a pop: when there is something to be found anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pbx_bridge.desk.screen.editions import Editions
from pbx_bridge.directory.index import Index
from rules.customers.directory import FEW
from rules.model import Appointment, Customer, Employee, FaqEntry
from rules.presence.availability import next_change
from rules.text.working_hours import WorkingHours, read_week
from tests.rules.sample_facts import LENA, MONDAY_TEN, company, local

HOUR = timedelta(hours=1)
BEGUN = Appointment("a1", "Termin", local(2026, 11, 23, 9), local(2026, 11, 23, 11))
LATER = Appointment("a2", "Termin", local(2026, 11, 23, 11), local(2026, 11, 23, 12))
WEEK = read_week("Mo-Fr 9-11")
assert isinstance(WEEK, tuple)
DAY = WorkingHours(WEEK)


def big(person: Employee, *, version: int = 1) -> Customer:
    """One whose last employee is this one."""
    others = (replace(LENA, id=f"e{number}") for number in range(FEW))
    return replace(company(*others, person), version=version)


def held(customer: Customer) -> tuple[Editions, Index]:
    index = Index([customer])
    return Editions(index), index


async def test_a_company_whose_people_are_all_in_the_pop_has_none() -> None:
    editions, _ = held(few := company(replace(LENA, appointments=(BEGUN,))))
    assert editions.of(few, MONDAY_TEN) == ""
    assert await editions.turned([few.id, None, "gone"], MONDAY_TEN + 3 * HOUR) == set()


@pytest.mark.parametrize(
    "person",
    [
        replace(LENA, appointments=(BEGUN,)),
        replace(LENA, appointments=(LATER,)),
        replace(LENA, hours=DAY),
        replace(LENA, appointments=(BEGUN, LATER)),
    ],
    ids=["an absence ends", "an absence begins", "a working day ends", "one absence after the other"],
)
@pytest.mark.parametrize("looked", [True, False], ids=["looked before", "turns before anybody looks"])
async def test_a_turn_of_anybody_makes_another_edition(person: Employee, *, looked: bool) -> None:
    editions, _ = held(customer := big(person))
    first = editions.of(customer, MONDAY_TEN)
    if looked:
        assert await editions.turned([customer.id], MONDAY_TEN) == set()
    soon = MONDAY_TEN + HOUR
    assert await editions.turned([customer.id], soon) == {customer.id}
    second = editions.of(customer, soon)
    assert second != first
    assert await editions.turned([customer.id], soon) == set(), "told once"
    assert editions.of(customer, soon) == second


async def test_as_long_as_nobody_turns_it_stays_the_same() -> None:
    editions, _ = held(customer := big(replace(LENA, appointments=(LATER,))))
    first = editions.of(customer, MONDAY_TEN)
    almost = MONDAY_TEN + HOUR - timedelta(microseconds=1)
    assert await editions.turned([customer.id], almost) == set()
    assert editions.of(customer, almost) == first


async def test_each_change_of_the_company_is_another_edition_also_between_two_looks() -> None:
    editions, index = held(customer := big(replace(LENA, appointments=(LATER,))))
    seen = [editions.of(customer, MONDAY_TEN)]
    await editions.turned([customer.id], MONDAY_TEN)
    index.replace(changed := big(LENA, version=2))
    seen.append(editions.of(changed, MONDAY_TEN))
    assert await editions.turned([customer.id], MONDAY_TEN + HOUR) == set(), "that absence is cancelled"
    index.replace(again := big(replace(LENA, appointments=(LATER,)), version=3))
    seen.append(editions.of(again, MONDAY_TEN))
    assert await editions.turned([customer.id], MONDAY_TEN + HOUR) == {customer.id}
    seen.append(editions.of(again, MONDAY_TEN + HOUR))
    assert len(set(seen)) == len(seen)


async def test_many_answers_have_editions_too() -> None:
    answers = tuple(FaqEntry(f"f{n}", f"Wo ist Tor {n}?", f"Hinter Halle {n}.") for n in range(FEW + 1))
    customer = replace(company(LENA), faq=answers, version=1)
    editions, _ = held(customer)
    assert editions.of(customer, MONDAY_TEN) != editions.of(replace(customer, version=2), MONDAY_TEN) != ""


async def test_each_person_is_asked_once_however_long_nobody_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks of working days are one turn: nobody has seen what was between."""
    asked: list[datetime] = []

    def counted(employee: Employee, zone: str, now: datetime) -> datetime | None:
        asked.append(now)
        return next_change(employee, zone, now)

    editions, _ = held(customer := big(replace(LENA, hours=DAY)))
    await editions.turned([customer.id], MONDAY_TEN)
    monkeypatch.setattr(f"{Editions.__module__}.next_change", counted)
    assert await editions.turned([customer.id], MONDAY_TEN + timedelta(weeks=5)) == {customer.id}
    assert len(asked) == 1
