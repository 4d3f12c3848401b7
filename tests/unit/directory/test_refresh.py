"""What changes in the data reaches open screens before anything that has to wait."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pbx_bridge import time_slices
from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.refresh import PhonePorts, Refresh
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import agent_phones, agents
from pbx_bridge.storage.customers import company_changes, house_days
from pbx_bridge.storage.customers.data_version import Changes
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.editing import employees
from pbx_bridge.web.i18n import translate
from rules.customers.change_feed import REMEMBERED, News, NewsKind
from rules.model import Agent, Customer, Line
from rules.text.holidays import HouseDay, by_state
from tests.sample_company import NOW, SampleCompany, furnish


@dataclass
class Told:
    """Screens and a PBX that write down what they are told, and in which order."""

    db: Database
    house: SampleCompany
    order: list[str] = field(default_factory=list)
    failing: dict[str, list[Exception]] = field(default_factory=dict)
    welcomed: list[str] = field(default_factory=list)
    out: Collection[str] = ()
    given: dict[str, str] = field(default_factory=dict)
    staff: Staff = field(default_factory=Staff)
    index: Index = field(default_factory=Index)

    def __post_init__(self) -> None:
        self.news = CompanyNews(functools.partial(translate, "desk", strict=True))
        phones = PhonePorts(self.keep_out, self.give)
        told = (self.desired, phones, lambda: NOW)
        self.refresh = Refresh(self.db, self.index, self.staff, self, *told)

    def _say(self, what: str) -> None:
        self.order.append(what)
        if failing := self.failing.get(what):
            raise failing.pop(0)

    async def warm(self, companies: Collection[Customer] | None = None) -> None:
        self._say("warm")

    async def warm_lines(self, numbers: Sequence[Line]) -> None:
        pass

    async def companies_changed(self, customers: Collection[str]) -> None:
        self._say("screens")

    def agents_changed(self) -> None:
        self._say("colleagues")

    async def welcome(self, agent: Agent) -> None:
        self._say("welcome")
        self.welcomed.append(agent.family_name)

    async def desired(self, customers: Iterable[str], lines: Sequence[Line] | None) -> None:
        self._say("desired")

    def give(self, phones: Mapping[str, str]) -> None:
        self.given = dict(phones)

    def keep_out(self, interfaces: Collection[str]) -> None:
        self.out = interfaces

    async def changed(self, *, companies_only: bool = True) -> None:
        self.order.clear()
        changes = Changes(1, frozenset({self.house.customer_id}), frozenset(), companies_only)
        await self.refresh.changed(changes)

    async def people(self, count: int) -> list[str]:
        """So many more work there, each with something to tell; their ids."""
        ids = [f"p{n:04}" for n in range(count)]
        rows = [
            {"id": one, "customer_id": self.house.customer_id, "name": f"Person {one}", "family_name": one}
            for one in ids
        ]
        async with self.db.write() as conn:
            await conn.execute(tables.employee.insert(), rows)
        await self.changed()
        return ids

    async def kept(self) -> list[News]:
        async with self.db.read() as conn:
            return [one.news for one in await company_changes.load_all(conn, NOW)]

    def heard(self) -> list[News]:
        return [one.news for one in self.news._changes.get(self.house.customer_id, ())]

    async def greet(self, greeting: str) -> None:
        async with self.db.write() as conn:
            await conn.execute(tables.customer.update().values(greeting=greeting))


@pytest.fixture
async def told(sqlite_db: Database) -> Told:
    told = Told(sqlite_db, await furnish(sqlite_db))
    await told.refresh.load()
    return told


async def test_open_screens_come_first_and_what_waits_for_a_writer_last(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = company_changes.insert

    async def kept(*what: Any) -> None:
        told.order.append("keep")
        await insert(*what)

    monkeypatch.setattr(company_changes, "insert", kept)
    await told.greet("Guten Tag aus Berlin.")
    await told.changed(companies_only=False)
    assert told.order == ["screens", "colleagues", "desired", "warm", "keep"]
    assert [one.kind for one in told.heard()] == [NewsKind.GREETING]


async def test_days_of_the_house_are_known_with_lines_and_agents(told: Told) -> None:
    assert told.index.house_days == {}
    day = HouseDay(NOW.date(), "BE", True, "Tag der Befreiung")
    async with told.db.write() as conn:
        await house_days.insert(conn, day)
    await told.changed()
    assert told.index.house_days == {}
    await told.changed(companies_only=False)
    assert told.index.house_days == by_state([day])


async def test_a_database_that_takes_no_writing_holds_up_no_screen_and_is_given_it_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert, away = company_changes.insert, ["locked"]

    async def kept(*what: Any) -> None:
        if away:
            raise StorageUnavailable(away.pop())
        await insert(*what)

    monkeypatch.setattr(company_changes, "insert", kept)
    await told.greet("Guten Tag aus Berlin.")
    await told.changed()
    assert [one.kind for one in told.heard()] == [NewsKind.GREETING]
    assert await told.kept() == []

    await told.changed()
    assert [one.kind for one in await told.kept()] == [NewsKind.GREETING], "once"
    assert [one.kind for one in told.heard()] == [NewsKind.GREETING], "once"


async def test_a_stop_keeps_what_has_been_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = company_changes.insert

    async def stopped(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(company_changes, "insert", stopped)
    await told.greet("Guten Tag aus Berlin.")
    with pytest.raises(asyncio.CancelledError):
        await told.changed()
    monkeypatch.setattr(company_changes, "insert", insert)
    await told.refresh.settle(5)
    assert [one.kind for one in await told.kept()] == [NewsKind.GREETING]


@pytest.mark.parametrize("away", [False, True], ids=["the database is there", "it takes nothing meanwhile"])
async def test_of_however_many_who_are_gone_nothing_is_left_in_rows_or_memory(
    told: Told, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    many = await told.people(REMEMBERED * 2)
    assert {one.whose for one in told.heard()} == set(many[-REMEMBERED:])
    assert len(await told.kept()) == REMEMBERED

    async def fails(*_: Any) -> None:
        raise StorageUnavailable("locked")

    if away:
        monkeypatch.setattr(company_changes, "insert", fails)
    async with told.db.write() as conn:
        await employees.delete(conn, told.house.customer_id, many)
    await told.changed()

    for left in (told.heard(), await told.kept()):
        assert {one.kind for one in left} <= {NewsKind.EMPLOYEE_GONE}
        assert {one.whose for one in left} <= {""}


async def test_whoever_is_new_gets_a_screen_although_the_database_was_away(told: Told) -> None:
    async with told.db.write() as conn:
        await conn.execute(
            tables.account.insert().values(id="a", login="carla", role="agent", password_hash="x")
        )
        await agents.insert(conn, "a", "Carla", "Neu", "PJSIP/carla")
    told.welcomed.clear()
    told.failing = {"welcome": [StorageUnavailable("unreachable")]}

    with pytest.raises(StorageUnavailable):
        await told.changed(companies_only=False)
    await told.changed(companies_only=False)  # as the follower does
    await told.changed(companies_only=False)

    assert told.welcomed == ["Neu"], "once"


async def test_a_phone_of_whoever_is_gone_is_kept_out_from_then_on(told: Told) -> None:
    agent = told.staff.agent(told.house.ben)
    assert agent
    async with told.db.write() as conn:
        await conn.execute(tables.agent.delete().where(tables.agent.c.id == agent.id))
    await told.changed(companies_only=False)
    assert set(told.out) == {agent.interface}


async def test_a_phone_that_was_given_is_told_and_one_of_whoever_is_locked_is_not(told: Told) -> None:
    agent = told.staff.agent(told.house.ben)
    assert agent
    assert told.given == {}
    async with told.db.write() as conn:
        await agent_phones.give(conn, agent.id, "digest", NOW)
    await told.changed(companies_only=False)
    assert told.given == {"ben": "digest"}
    async with told.db.write() as conn:
        await conn.execute(
            tables.account.update().where(tables.account.c.login == "ben").values(disabled=True)
        )
    await told.changed(companies_only=False)
    assert told.given == {}


async def test_everything_is_loaded_without_a_rest_and_what_changes_then_leaves_calls_their_time(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start rested longer than it worked: nobody calls before it is over."""
    told, rests = Told(sqlite_db, await furnish(sqlite_db)), list[str]()

    async def rest() -> None:
        rests.append("")

    async def desired(*_: object) -> None:
        async for _one in time_slices.gently(range(5)):
            pass

    monkeypatch.setattr(time_slices, "rest", rest)
    monkeypatch.setattr(time_slices, "TURN_SECONDS", -1.0)
    monkeypatch.setattr(time_slices, "LONG_TURN_SECONDS", -1.0)
    monkeypatch.setattr(told.refresh, "_desired", desired)
    await told.refresh.load()
    assert told.index.customers
    assert not rests
    await told.changed()
    assert len(rests) > 5
