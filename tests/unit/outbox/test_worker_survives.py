"""Whatever bytes others answer with: the worker lives, a message is sent once, and what was said can be read.

On both databases, which take different bytes."""

from __future__ import annotations

import asyncio
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Sent, Uncertain
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox import worker as outbox
from pbx_bridge.storage.outbox.notifications import State
from rules.model import Channel
from tests.clumsy_mail_server import ClumsyServer, running_clumsy_server
from tests.sample_company import NOW
from tests.unit.outbox.office import Office, at_work, office
from tests.unit.outbox.test_mail_answers import NONSENSE, WITH_WORDS, YES, YES_AND_NO_END
from tests.until import until
from tests.usage_of import sms_parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["office"]

QUICK = {"yes, cut, silent", "silent"}
"""What only time ends is in the table of single answers."""
FOREIGN = [
    "\x00",
    "a\x00b",
    "\udcff\udcfe",
    "f\udcfcr",
    "\ud800",
    "\x1b]0;x\x07",
    "\u202e\u2028",
    "x" * 100_000,
]


@pytest.fixture
async def server(office: Office) -> AsyncIterator[ClumsyServer]:
    async with running_clumsy_server() as running:
        office.mail = SmtpTransport(running.settings(), lambda: office.now)  # type: ignore[assignment]  # real
        yield running


async def details(office: Office, one: str) -> list[str]:
    async with office.db.read() as conn:
        return [attempt.detail for attempt in await notifications.attempts_of(conn, one)]


def readable(text: str) -> bool:
    return len(text) <= 300 and all(unicodedata.category(char)[0] != "C" for char in text)


async def test_a_yes_is_a_yes_whatever_bytes_it_carries(office: Office, server: ClumsyServer) -> None:
    """Each mail once, one after the other, by one and the same worker."""
    said = {name: answer for name, answer in (YES | YES_AND_NO_END).items() if name not in QUICK}
    async with at_work(office) as worker:
        for name, answer in said.items():
            server.answers["end"] = answer
            one = await office.put(subject=f"Anruf {name}")
            worker.wake()
            await office.becomes(one, State.SENT)
            assert all(map(readable, await details(office, one))), name

    assert len(server.dots) == len(said)
    assert worker.health[Channel.EMAIL] == "up"


async def test_nonsense_ends_nobody_and_the_next_mail_goes_out(office: Office, server: ClumsyServer) -> None:
    said = {name: answer for name, answer in (NONSENSE | WITH_WORDS).items() if name not in QUICK}
    async with at_work(office) as worker:
        for step in ("greeting", "end"):
            for name, answer in said.items():
                server.answers = {step: answer}
                one = await office.put(subject=name)
                worker.wake()
                await office.tried(one)
                assert all(map(readable, await details(office, one))), name
                server.answers.clear()
                office.now += timedelta(minutes=15)
                following = await office.put()
                worker.wake()
                await office.becomes(following, State.SENT)
                await nothing_waits(office)


@pytest.mark.parametrize(
    "outcome,becomes",
    [
        case
        for text in FOREIGN
        for case in (
            (Sent(text, text), State.SENT),
            (Failed("sms_refused", permanent=True, detail=text), State.FAILED),
            (Uncertain("lost", text), State.UNCERTAIN),
        )
    ],
    ids=ascii,
)
async def test_no_text_of_others_keeps_an_outcome_from_being_stored(
    office: Office, outcome: Outcome, becomes: State
) -> None:
    """Also one that a transport forgot to clean."""
    office.sms.answers = [outcome]
    one = await office.put(Channel.SMS)

    async with at_work(office) as worker:
        await office.becomes(one, becomes)
        office.now += timedelta(minutes=15)
        following = await office.put(Channel.SMS)
        worker.wake()
        await office.becomes(following, State.SENT)

    assert all(map(readable, await details(office, one)))
    assert len(office.sms.given) == 2


async def test_an_outcome_that_cannot_be_stored_as_it_is_is_stored_without_details(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = notifications.finish

    async def picky(conn: Any, sending: Any, outcome: Any, detail: str, *rest: Any) -> bool:
        if detail:
            raise ValueError("the database does not take that")
        return await finish(conn, sending, outcome, detail, *rest)

    monkeypatch.setattr(notifications, "finish", picky)
    one = await office.put()

    async with at_work(office):
        await office.becomes(one, State.SENT)

    assert len(office.mail.given) == 1


async def test_a_database_that_is_away_for_minutes_makes_no_second_copy(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known is kept until it is stored, and nobody takes it for a dead worker's meanwhile."""
    finish, refused = notifications.finish, 0

    async def away(*args: Any) -> bool:
        nonlocal refused
        refused += 1
        if refused < 12:
            office.now += timedelta(seconds=61)
            raise StorageUnavailable("unreachable")
        return await finish(*args)

    monkeypatch.setattr(notifications, "finish", away)
    monkeypatch.setattr("pbx_bridge.outbox.ledger.WRITE_AGAIN", (0.01,))
    one = await office.put()

    async with at_work(office):
        await office.becomes(one, State.SENT)

    assert len(office.mail.given) == 1


async def test_a_company_deleted_meanwhile_costs_nothing(office: Office) -> None:
    office.sms.hold = asyncio.Event()
    await office.put(Channel.SMS)

    async with at_work(office) as worker:
        await until(lambda: office.sms.given, message="under way")
        async with office.db.write() as conn:
            await delete_company(conn, office.house.customer_id)
        office.sms.hold.set()
        mail = asyncio.create_task(until(lambda: worker.health[Channel.SMS] == "up", message="concluded"))
        await mail

    async with office.db.read() as conn:
        assert await sms_parts(conn, office.house.customer_id, NOW) == 0


async def test_a_claim_that_breaks_stops_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, broken = notifications.claim_due, 0

    async def breaks(*args: Any, **more: Any) -> Any:
        nonlocal broken
        broken += 1
        if broken < 5:
            raise RuntimeError("a bug")
        return await claim(*args, **more)

    monkeypatch.setattr(notifications, "claim_due", breaks)
    one = await office.put()

    async with at_work(office):
        await office.becomes(one, State.SENT)


async def nothing_waits(office: Office) -> None:
    """Nothing is under way any more."""
    for _ in range(1500):
        async with office.db.read() as conn:
            if not await outbox.waiting(conn, Channel.EMAIL):
                return
        await asyncio.sleep(0.01)
    raise AssertionError


async def delete_company(conn: Any, customer_id: str) -> None:
    from sqlalchemy import text

    for table in ("call", "customer"):
        column = "id" if table == "customer" else "customer_id"
        await conn.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": customer_id})  # noqa: S608
