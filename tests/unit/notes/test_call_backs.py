"""Whoever asked to be called back is rung, once, whatever became of us meanwhile; on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pbx_bridge.ami.actions import Action, Originate, Response
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.ids import CallNames, call_id
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.notes.call_backs import CallBacks
from pbx_bridge.notes.callers_folder import LATE
from pbx_bridge.settings import NobodyFreeSettings, Settings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.outcome import Outcome
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from rules.calls.call_backs import AGAIN_AFTER, SILENCE, TRIES
from rules.text.dialling import DialRules
from rules.vocabulary import CallBackEnd, WishReason
from tests.sample_company import NOW, SampleCompany, arrive, furnish

CALL, LINE, CALLER = "1795424400.1", "493023125100", "491713920042"
NAME = f"{CALL}_{LINE}_{int(NOW.timestamp())}"
MINUTE = timedelta(minutes=1)


class Link:
    """The PBX takes what it is told, unless it is to `fail`."""

    def __init__(self) -> None:
        self.sent: list[Originate] = []
        self.fail: Exception | None = None

    async def send(self, action: Action) -> Response:
        assert isinstance(action, Originate)
        action.headers()
        self.sent.append(action)
        if self.fail:
            raise self.fail
        return Response(ok=True, message="")


class Life:
    """One life of the service, which looks when it is told to; Anna takes calls."""

    def __init__(self, db: Database, folder: Path, directory: LiveDirectory) -> None:
        self.db, self.now, self.link, self.folder = db, NOW, Link(), folder
        self.registry = Registry(lambda _: pytest.fail("no call arrives"), CallNames(), NOW)
        self.registry.apply(ev.LinkUp(), NOW)
        self.anna(paused=False)
        house = NobodyFreeSettings(recordings=folder)
        self.backs = CallBacks(db, self.link, self.registry, directory, house, DialRules(), lambda: self.now)

    def anna(self, *, paused: bool) -> None:
        anna = ev.MemberChanged("PJSIP/anna", "sec", paused, "", ev.MemberStatus.FREE)
        self.registry.apply(anna, self.now)

    async def look(self, later: timedelta = timedelta()) -> list[str]:
        """The channels that are rung."""
        self.now += later
        before = len(self.link.sent)
        await self.backs.look()
        return [one.channel for one in self.link.sent[before:]]

    async def rung(self, outcome: Outcome, *, answered: bool = True) -> str:
        """The PBX tells of the call that was ordered last, and of its end."""
        name = self.link.sent[-1].attempt
        at = self.now if answered else None
        call = calls.StoredCall(
            call_id(name), name, f"+{LINE}", self.now, caller_number=f"+{CALLER}",
            answered_at=at, ended_at=self.now, outcome=outcome,
        )  # fmt: skip
        async with self.db.write() as conn:
            assert await calls.insert(conn, call)
        return name

    async def ends(self) -> list[str]:
        """How each wish has ended, "" while it is open."""
        async with self.db.read() as conn:
            rows = await conn.execute(select(t.call_back.c.done_how).order_by(t.call_back.c.at))
            return [how or "" for how in rows.scalars()]


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


@pytest.fixture
async def life(db: Database, house: SampleCompany, tmp_path: Path) -> Life:
    directory = LiveDirectory(Settings())
    async with db.read() as conn:
        company = await customers.load_customer(conn, house.customer_id)
        directory.staff.replace(await agents.load_all(conn))
    assert company
    directory.index.replace(company)
    folder = tmp_path / "voice"
    folder.mkdir()
    return Life(db, folder, directory)


def wish(life: Life, name: str = NAME) -> Path:
    """As the dial plan leaves it."""
    file = life.folder / f"{name}.wish"
    file.write_text(f"{CALLER}.{LINE}\n")
    return file


async def called(life: Life, house: SampleCompany, pbx: str = CALL, number: str = f"+{CALLER}") -> str:
    async with life.db.write() as conn:
        return await arrive(conn, house, number, pbx)


RUNG = [f"Local/{CALLER}@sec-ringback/n"]


async def test_the_caller_is_rung_once_and_it_is_over_when_they_pick_up(
    life: Life, house: SampleCompany
) -> None:
    await called(life, house)
    file = wish(life)
    assert await life.look() == RUNG
    assert not file.exists()
    (order,) = life.link.sent
    assert (order.context, order.exten) == ("sec-again", LINE)
    assert dict(order.variables) == {"_SEC_TO": CALLER, "_SEC_FROMLINE": LINE, "_SEC_OF": LINE}
    wish(life)  # stored, and dead before the file was gone
    assert await life.look() == []
    (life.folder / f"{order.attempt}.met").touch()
    await life.look()
    assert await life.ends() == [CallBackEnd.REACHED]
    assert list(life.folder.iterdir()) == []


async def test_nobody_is_rung_for_whom_nobody_is_there(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    life.anna(paused=True)
    assert await life.look() == []
    life.anna(paused=False)
    life.registry.apply(ev.LinkDown("lost"), life.now)
    assert await life.look() == []
    life.registry.apply(ev.LinkUp(), life.now)
    assert await life.look() == RUNG


async def test_who_does_not_answer_is_rung_again_and_not_for_ever(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    for _ in range(TRIES):
        assert await life.look(AGAIN_AFTER) == RUNG
        await life.rung(Outcome.CLOSED)
        assert await life.look() == []
    assert await life.look(AGAIN_AFTER) == []
    assert await life.ends() == [CallBackEnd.NOT_REACHED]


async def test_a_call_that_comes_to_nothing_by_itself_is_no_try(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    assert await life.look() == RUNG
    assert await life.look(SILENCE) == []
    await life.look(MINUTE)  # the PBX has told of no such call
    assert await life.look() == RUNG
    await life.rung(Outcome.ABANDONED, answered=False)
    await life.look()
    assert await life.look() == RUNG
    life.link.fail = ActionFailed("Originate", "no")
    await life.rung(Outcome.LOST, answered=False)
    await life.look()
    assert await life.look() == RUNG, "refused"
    assert await life.look() == RUNG, "so it is tried again"
    life.link.fail = LinkGone()
    assert await life.look() == RUNG, "nobody knows"
    assert await life.look() == [], "so it is waited for"


async def test_a_note_or_another_talk_keeps_the_promise_too(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    await life.look()
    await life.rung(Outcome.NOTED)
    await life.look()
    assert await life.ends() == [CallBackEnd.NOTED]

    other = "1795424401.2"
    await called(life, house, other)
    life.anna(paused=True)
    wish(life, f"{other}_{LINE}_{int(NOW.timestamp()) + 1}")
    await life.look(MINUTE)
    again = await called(life, house, "1795424402.3")
    async with life.db.write() as conn:
        await calls.answered(conn, again, house.anna, life.now)
    await life.look()
    assert await life.ends() == [CallBackEnd.NOTED, CallBackEnd.CALLED_AGAIN]


async def test_why_it_was_promised_is_known_afterwards(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    await life.look()
    async with life.db.read() as conn:
        assert (await conn.execute(select(t.call_back.c.why))).scalars().all() == [WishReason.NOBODY_FREE]


async def test_who_asks_twice_is_rung_once(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    await called(life, house, "1795424401.2")
    wish(life)
    wish(life, f"1795424401.2_{LINE}_{int(NOW.timestamp()) + 9}")
    assert await life.look() == RUNG
    assert await life.ends() == ["", CallBackEnd.ASKED_BEFORE]


@pytest.mark.parametrize("number", ["", "+499001234567", f"+{LINE}"])
async def test_no_other_number_is_rung(life: Life, house: SampleCompany, number: str) -> None:
    """Withheld, dear, or the company itself."""
    await called(life, house, number=number.replace(LINE, "4930231251"))
    wish(life)
    assert await life.look() == []
    assert await life.ends() == [CallBackEnd.NOT_DIALLED]


async def test_a_wish_of_which_the_pbx_tells_no_call_has_one_by_itself(
    life: Life, house: SampleCompany
) -> None:
    wish(life)
    assert await life.look(timedelta(hours=3)) == []
    assert await life.look(LATE + MINUTE) == RUNG
    async with life.db.read() as conn:
        call = await calls.by_pbx_call(conn, CALL)
    assert call
    assert (call.customer_id, call.caller_number) == (house.customer_id, f"+{CALLER}")


async def test_a_file_that_cannot_be_deleted_holds_up_no_other_promise(
    life: Life, house: SampleCompany
) -> None:
    """A folder stands where the word that somebody was met should be, as a disk that is only read refuses."""
    (life.folder / "1795429600.900000000000.met").mkdir()
    await called(life, house)
    wish(life)
    assert await life.look() == RUNG


async def test_it_goes_with_the_call(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    await life.look()
    async with life.db.write() as conn:
        await conn.execute(t.call.delete())
    assert await life.ends() == []
