"""Whoever has lost a message to somebody else writes down what became of the try, and does nothing more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from pbx_bridge import metrics
from pbx_bridge.outbox import ledger
from pbx_bridge.outbox.ledger import Ledger
from pbx_bridge.outbox.transports.transport import Copy, Failed, Outcome, Sent, Uncertain
from pbx_bridge.storage.db.engine import AsyncConnection, StorageUnavailable
from pbx_bridge.storage.outbox import notifications, worker
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from tests.sample_company import NOW
from tests.unit.outbox.office import Office, office

__all__ = ["office"]

TEAM = "team@example.org"
LEASE = timedelta(minutes=1)
REFUSED = (Copy(TEAM, Failed("smtp_550", permanent=True)),)
LATER = (Copy(TEAM, Failed("smtp_451", permanent=False)),)
OUTCOMES: dict[str, Outcome] = {
    "sent, a copy refused": Sent(copies=REFUSED),
    "sent, a copy for later": Sent(copies=LATER),
    "refused, a copy for later": Failed("smtp_550", permanent=True, copies=LATER),
    "for later, a copy refused": Failed("smtp_451", permanent=False, copies=REFUSED),
    "uncertain, a copy refused": Uncertain("lost", copies=REFUSED),
}

Decide = Callable[[AsyncConnection, Notification], Awaitable[bool]]
UNSURE = notifications.Outcome.UNCERTAIN


async def _taken_over(conn: AsyncConnection, sending: Notification) -> bool:
    (left,) = await notifications.claim_abandoned(conn, NOW + 2 * LEASE, NOW + 3 * LEASE)
    return await notifications.finish(conn, left, UNSURE, "worker_died", NOW)


async def _tried_again(conn: AsyncConnection, sending: Notification) -> bool:
    return await notifications.retry(conn, sending, UNSURE, "worker_died", NOW, NOW + LEASE)


async def _under_way_again(conn: AsyncConnection, sending: Notification) -> bool:
    await notifications.retry(conn, sending, UNSURE, "worker_died", NOW, NOW)
    return bool(await notifications.claim_due(conn, NOW, NOW + LEASE))


DECISIONS: dict[str, Decide] = {
    "the lease ran out, and it is uncertain": _taken_over,
    "it waits for another try": _tried_again,
    "the other try is under way": _under_way_again,
}


def counted() -> float:
    """Over all outcomes."""
    found = (one for metric in metrics.NOTIFICATIONS.collect() for one in metric.samples)
    return sum(float(one.value) for one in found if one.name.endswith("_total"))


async def claimed(office: Office, one: str) -> Notification:
    async with office.db.write() as conn:
        (sending,) = await notifications.claim_due(conn, NOW, NOW + LEASE)
    assert sending.id == one
    return sending


async def all_of(office: Office, one: Notification) -> tuple[Notification, ...]:
    async with office.db.read() as conn:
        return await notifications.of_note(conn, one.note_id or "")


def a_ledger(office: Office) -> Ledger:
    return Ledger(office.db, lambda: office.now, office.told.append, lambda channel: None)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("decision", DECISIONS)
async def test_who_lost_the_message_parts_no_copy_counts_nothing_and_tells_nobody(
    office: Office, outcome: str, decision: str
) -> None:
    sending, before = await claimed(office, await office.put(cc=(TEAM,))), counted()
    async with office.db.write() as conn:
        assert await DECISIONS[decision](conn, sending)
    (decided,) = await all_of(office, sending)

    await a_ledger(office).conclude(sending, OUTCOMES[outcome])

    assert await all_of(office, sending) == (decided,), "its copy is still with it"
    assert (office.told, counted()) == ([], before)


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_a_copy_goes_once_when_the_database_keeps_the_outcome_and_its_word_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    """What is not known to be stored is stored again."""
    sending, store, lost = await claimed(office, await office.put(cc=(TEAM,))), Ledger._store, [True]
    monkeypatch.setattr(ledger, "WRITE_AGAIN", (0,))

    async def without_a_word(one: Ledger, *what: Any) -> bool:
        mine = await store(one, *what)
        if lost:
            lost.pop()
            raise StorageUnavailable("gone")
        return mine

    monkeypatch.setattr(Ledger, "_store", without_a_word)
    await a_ledger(office).conclude(sending, OUTCOMES[outcome])

    assert not lost
    assert [one.address for one in await all_of(office, sending)] == [sending.address, TEAM]


@pytest.mark.parametrize("decision", DECISIONS)
async def test_who_lost_the_message_does_not_prolong_the_lease_of_whoever_has_it(
    office: Office, decision: str
) -> None:
    sending = await claimed(office, await office.put())
    async with office.db.write() as conn:
        assert await DECISIONS[decision](conn, sending)
    decided = await office.look(sending.id)

    async with office.db.write() as conn:
        await worker.renew(conn, [sending], NOW + 9 * LEASE)

    assert await office.look(sending.id) == decided


async def test_of_many_only_the_own_leases_are_renewed(office: Office) -> None:
    """Each by its own attempt: the number of another message's attempt proves nothing."""
    held = [await claimed(office, await office.put()) for _ in range(3)]
    taken = held[1]
    async with office.db.write() as conn:
        assert await _under_way_again(conn, taken)
        await worker.renew(conn, held, NOW + 9 * LEASE)

    leases = [(await office.look(one.id)).lease_until for one in held]
    assert leases == [NOW + 9 * LEASE, NOW + LEASE, NOW + 9 * LEASE]


async def test_an_sms_is_told_once_when_the_gateway_reports_before_its_answer_is_stored(
    office: Office,
) -> None:
    one = await office.put(Channel.SMS, report_token="the-secret-of-one-sms")
    sending = await claimed(office, one)
    async with office.db.write() as conn:
        assert await notifications.finish(conn, sending, notifications.Outcome.SENT, "report_1", NOW)

    await a_ledger(office).conclude(sending, Sent("gw-1"))

    assert office.told == []
    assert (await office.look(one)).state is State.SENT
