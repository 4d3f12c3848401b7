"""What happens when nobody is free stands in the PBX's own database: all of it, told once, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from structlog.testing import capture_logs

from pbx_bridge.ami.actions import Action, DBGet, Originate, Response
from pbx_bridge.ami.codec import Frame
from pbx_bridge.directory.index import Index
from pbx_bridge.telephony.astdb import desired_nobody_free
from pbx_bridge.telephony.astdb.desired_nobody_free import DesiredNobodyFree
from pbx_bridge.telephony.astdb.nobody_free import HOUSE, NobodyFreeBook
from pbx_bridge.telephony.astdb.telling import AT_ONCE
from rules.calls.nobody_free import in_plan
from rules.fault import Fault
from rules.fields.nobody_free import AS_EVER, Ending, NobodyFree
from rules.model import Customer, Line
from rules.text.holidays import HouseDay, by_state
from rules.text.working_hours import WorkingHours, read_week
from tests.rules.sample_facts import MONDAY_TEN, MUSTERMANN
from tests.telephony.test_given_phones import Pbx

LINE, OTHER, PUBLIC, SHARED = "493023125100", "493023125200", "493023125000", "493023125900"
BUSY = NobodyFree(after=40, ending=Ending.BUSY)
SAID = "40|busy|message||Europe/Berlin||"


async def test_a_number_is_told_once_and_then_only_what_differs() -> None:
    pbx = Pbx()
    book = NobodyFreeBook(pbx)
    book.set_desired({LINE: SAID, HOUSE: SAID})
    assert await book.sync()
    assert pbx.written() == 3  # with the word that these are all
    assert pbx.db.free[pbx.db.free_now] == {LINE: SAID, HOUSE: SAID}
    book.set_desired({LINE: SAID})
    assert await book.sync()
    assert pbx.written() == 1
    assert pbx.db.free[pbx.db.free_now] == {LINE: SAID}
    book.invalidate()
    assert await book.sync()
    assert pbx.written() == 3  # what was cleared may be there again
    assert pbx.db.free[pbx.db.free_now] == {LINE: SAID}


async def test_many_are_written_before_any_is_asked_for() -> None:
    pbx = Pbx()
    book = NobodyFreeBook(pbx)
    wanted = {f"4930231{number:05}": SAID for number in range(2 * AT_ONCE + 1)}
    book.set_desired(wanted)
    assert await book.sync()
    assert pbx.db.free == {pbx.db.free_now: wanted}
    turns = [kind for kind, _ in groupby(pbx.sent, type)]
    assert turns == [Originate, DBGet] * 7, "three times some, three marks, and the word that these are all"


async def test_the_old_book_counts_until_the_new_one_is_complete() -> None:
    pbx = Pbx()
    before, after = NobodyFreeBook(pbx), NobodyFreeBook(pbx)
    before.set_desired({LINE: SAID, OTHER: SAID})
    assert await before.sync()
    counted = pbx.db.free_now
    after.set_desired({LINE: SAID})
    pbx.gone_after = 2
    assert not await after.sync()
    assert pbx.db.free_now == counted
    assert pbx.db.free[counted] == {LINE: SAID, OTHER: SAID}
    pbx.gone_after = 100
    assert await after.sync()
    assert pbx.db.free == {pbx.db.free_now: {LINE: SAID}}


async def test_a_dial_plan_that_is_too_old_is_said() -> None:
    pbx = Pbx()
    pbx.deaf = True
    book = NobodyFreeBook(pbx)
    with capture_logs() as log:
        assert await book.sync(), "nothing is wanted, so nothing is missing"
        book.set_desired({LINE: SAID})
        assert not await book.sync()
    assert {line["event"] for line in log} == {"nobody_free_not_taken"}


class OldPbx(Pbx):
    """Asterisk 16 says 255 letters of a value when it is asked; and it does not do what it is told at some
    numbers."""

    def __init__(self, *refused: str) -> None:
        super().__init__()
        self.refused = {f"Local/{number}@sec-nobodyset/n" for number in refused}

    def _answer(self, action: Action) -> Response:
        if isinstance(action, Originate) and action.channel in self.refused:
            return Response(ok=False, message="Extension does not exist.")
        answer = super()._answer(action)
        if isinstance(action, DBGet) and answer.ok:
            (frame,) = answer.events
            said = Frame("DBGetResponse", {"Val": frame.get("Val")[:255]}, {})
            return replace(answer, events=(said,))
        return answer


def bavaria() -> str:
    week = read_week("Mo 8–12, 13–17; Di 8–12, 13–18; Mi 8–12; Do 8–12, 13–17; Fr 8–13")
    assert week
    assert not isinstance(week, Fault)
    return in_plan(replace(BUSY, hours=WorkingHours(week, "BY")), "Europe/Berlin", MONDAY_TEN.date())


async def test_hours_with_all_holidays_are_believed_on_the_oldest_pbx() -> None:
    said, pbx = bavaria(), OldPbx()
    assert len(said) > 255
    book = NobodyFreeBook(pbx)
    book.set_desired({LINE: said, HOUSE: SAID})
    assert await book.sync()
    assert pbx.db.free == {pbx.db.free_now: {LINE: said, HOUSE: SAID}}


async def test_what_is_not_taken_at_some_numbers_holds_up_nobody_else() -> None:
    many = [f"49302312500{digit}" for digit in range(6)]
    pbx = OldPbx(*many)
    book = NobodyFreeBook(pbx)
    book.set_desired({**dict.fromkeys(many, SAID), LINE: SAID, OTHER: "40|busy|message|\r|Europe/Berlin||"})
    with capture_logs() as log:
        assert not await book.sync()
        assert not pbx.db.free_now, "not all were asked"
        assert not await book.sync()
        assert not await book.sync()
    assert pbx.db.free == {pbx.db.free_now: {LINE: SAID}}
    assert {line["event"] for line in log} == {"nobody_free_not_taken"}
    pbx.refused.clear()
    book.set_desired({**dict.fromkeys(many, SAID), LINE: SAID, OTHER: SAID})
    assert await book.sync()
    assert pbx.db.free == {pbx.db.free_now: {**dict.fromkeys(many, SAID), LINE: SAID, OTHER: SAID}}


class Told:
    """What the PBX would know."""

    def __init__(self) -> None:
        self.said: Mapping[str, str] = {}

    def take(self, said: Mapping[str, str]) -> None:
        self.said = said


def company(name: str, policy: NobodyFree | None, *public: str) -> Customer:
    return replace(MUSTERMANN, id=name, name=name, nobody_free=policy, public_numbers=public)


async def test_it_stands_at_each_number_of_a_company_that_has_its_own() -> None:
    companies = [company("own", BUSY, f"+{PUBLIC}", f"+{OTHER}"), company("house", None)]
    lines = [
        Line("1", f"+{LINE}", customer_id="own"),
        Line("2", f"+{OTHER}", customer_id="house"),  # the line says whose it is
        Line("3", f"+{SHARED}"),
    ]
    told, index = Told(), Index(companies, lines)

    async def changed(house: NobodyFree) -> Mapping[str, str]:
        desired = DesiredNobodyFree(index, house, "Europe/Berlin", lambda: MONDAY_TEN, told.take)
        await desired.changed(index.customers, lines)
        return told.said

    assert await changed(AS_EVER) == {LINE: SAID, PUBLIC: SAID}
    assert await changed(BUSY) == {LINE: SAID, PUBLIC: SAID, HOUSE: SAID}


async def test_what_holds_everywhere_counts_the_days_of_the_house() -> None:
    told, index = Told(), Index()
    house = replace(BUSY, hours=WorkingHours(((),) * 7, "BE"))
    desired = DesiredNobodyFree(index, house, "Europe/Berlin", lambda: MONDAY_TEN, told.take)
    await desired.changed((), ())
    assert "20270508" not in told.said[HOUSE]
    index.house_days = by_state([HouseDay(date(2027, 5, 8), "BE", True, "Tag der Befreiung")])
    await desired.changed((), ())
    assert "~20270508~" in told.said[HOUSE]


async def test_a_change_elsewhere_works_nothing_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[NobodyFree] = []

    def counted(policy: NobodyFree, zone: str, today: date) -> str:
        worked.append(policy)
        return in_plan(policy, zone, today)

    monkeypatch.setattr(desired_nobody_free, "in_plan", counted)
    later = replace(BUSY, after=90)
    index, now = Index([company("own", BUSY), company("other", later), company("house", None)]), MONDAY_TEN
    lines = [Line("1", f"+{LINE}", customer_id="own"), Line("2", f"+{OTHER}", customer_id="other")]
    told = list[Mapping[str, str]]()
    desired = DesiredNobodyFree(index, AS_EVER, "Europe/Berlin", lambda: now, told.append)

    async def after(*changed: str, at: Sequence[Line] | None = None) -> tuple[list[NobodyFree], int]:
        worked.clear()
        before = len(told)
        await desired.changed(changed, at)
        return worked.copy(), len(told) - before

    assert await after(*index.customers, at=lines) == ([later, BUSY], 1)
    assert await after("house", "gone") == ([], 0)
    index.replace(replace(company("own", BUSY, f"+{PUBLIC}"), version=MUSTERMANN.version + 1))
    assert await after("own") == ([], 1)
    assert told[-1] == {LINE: SAID, PUBLIC: SAID, OTHER: in_plan(later, "Europe/Berlin", now.date())}
    index.replace(replace(company("own", None), version=MUSTERMANN.version + 2))
    assert await after("own") == ([], 1)
    assert told[-1].keys() == {OTHER}
    index.replace(replace(company("house", BUSY), version=MUSTERMANN.version + 1))
    assert await after("house") == ([BUSY], 1)
    index.remove("other")
    assert await after("other") == ([], 1)
    assert not told[-1]
    now += timedelta(days=1)
    assert await after() == ([BUSY], 1)
