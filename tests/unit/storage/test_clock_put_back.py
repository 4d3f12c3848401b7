"""The clock of the machine was ahead and is put right: what was written in the hour that comes once more
holds nobody up, and what came later still counts as later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pbx_bridge.auth import throttle
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import invitations
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications, worker
from pbx_bridge.storage.outbox.notifications import Notification, Outcome
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, SampleCompany, arrive, furnish

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AHEAD = NOW + HOUR
SETTINGS = AuthSettings()


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def test_a_correction_is_the_newer_one(db: Database, house: SampleCompany) -> None:
    """Of two conversations of one call, and with a version between that retention has taken."""
    first, second, third, other = (CallNote(new_id(), "Hans Müller", text) for text in "abcd")
    saved = [(first, None, AHEAD), (second, first.id, NOW), (third, second.id, NOW - MINUTE)]
    owner: Any = {"customer_id": house.customer_id, "agent_id": house.anna}
    async with db.write() as conn:
        call = await arrive(conn, house)
        for note, replaces, at in [*saved, (other, None, NOW + MINUTE)]:
            await notes.insert(conn, note, call_id=call, now=at, replaces_id=replaces, **owner)
        chain = await notes.chain(conn, call, first.id)
        assert [version.note.concern for version in chain] == ["a", "b", "c"]
        assert await notes.chain(conn, call, third.id) == chain
        begun = [[version.note.concern for version in one] for one in await notes.chains(conn, call)]
        assert begun == [["d"], ["a", "b", "c"]]


async def _mail(db: Database, house: SampleCompany, **told: Any) -> Notification:
    values: Any = {"due_at": AHEAD, "created_at": AHEAD} | told
    mail = Notification(
        new_id(),
        None,
        house.customer_id,
        Channel.EMAIL,
        MessageKind.NOTE,
        "erika@example.org",
        "Text",
        **values,
    )
    async with db.write() as conn:
        await notifications.insert(conn, [mail])
    return mail


async def _claimed(db: Database) -> list[str]:
    async with db.write() as conn:
        return [one.id for one in await notifications.claim_due(conn, NOW, NOW + MINUTE)]


@pytest.mark.parametrize("again", [False, True], ids=["written", "sent again by a person"])
async def test_a_message_goes_at_once_and_only_once(db: Database, house: SampleCompany, again: bool) -> None:
    mail = await _mail(db, house, **({"created_at": NOW - HOUR, "again_at": AHEAD} if again else {}))

    assert await _claimed(db) == [mail.id]
    assert await _claimed(db) == []


async def test_a_message_that_failed_waits_for_its_turn(db: Database, house: SampleCompany) -> None:
    await _mail(db, house)
    async with db.write() as conn:
        (sending,) = await notifications.claim_due(conn, NOW, NOW + MINUTE)
        await notifications.retry(conn, sending, Outcome.FAILED, "451", NOW, NOW + MINUTE)
    assert await _claimed(db) == []


async def test_what_is_meant_for_later_waits(db: Database, house: SampleCompany) -> None:
    await _mail(db, house, created_at=NOW)
    assert await _claimed(db) == []


async def test_nothing_is_given_up_for_it(db: Database, house: SampleCompany) -> None:
    await _mail(db, house)
    async with db.write() as conn:
        assert await worker.give_up(conn, Channel.EMAIL, NOW - HOUR, NOW) == ()


WHO = {
    "somebody in the network": throttle.keys("anna", "192.0.2.1", SETTINGS),
    "a known browser": throttle.keys("anna", "192.0.2.1", SETTINGS, "known"),
    "a code": throttle.code_keys("id", "192.0.2.1", SETTINGS),
    "the own password": throttle.own_keys("session", SETTINGS),
}


@pytest.mark.parametrize("keys", WHO.values(), ids=WHO)
@pytest.mark.parametrize("failures", [1, 4, 9])
async def test_nobody_waits_longer_than_the_longest(
    db: Database, keys: dict[str, int], failures: int
) -> None:
    """Whoever mistyped, or was right, while the clock was a day ahead."""
    day = timedelta(days=1)
    async with db.write() as conn:
        for step in range(failures):
            at = NOW + day + step * timedelta(seconds=SETTINGS.delay_max_seconds)
            assert await throttle.enter(conn, keys, SETTINGS, at) == 0
        assert await throttle.waiting(conn, keys, SETTINGS, NOW) == 0
        assert await throttle.enter(conn, keys, SETTINGS, NOW) == 0


async def test_guesses_count_on(db: Database) -> None:
    """Nobody gets new attempts by it."""
    keys = throttle.keys("anna", "192.0.2.1", SETTINGS)
    async with db.write() as conn:
        for _ in range(SETTINGS.free_attempts):
            assert await throttle.enter(conn, keys, SETTINGS, AHEAD) == 0
        waits = [await throttle.enter(conn, keys, SETTINGS, NOW) for _ in range(2)]
    assert waits[0] == 0
    assert waits[1] > 0


async def test_a_link_for_a_forgotten_password_is_sent(db: Database, house: SampleCompany) -> None:
    mail = replace(
        Notification(
            new_id(), None, None, Channel.EMAIL, MessageKind.PASSWORD, "anna@example.org", "Text",
            due_at=AHEAD, created_at=AHEAD,
        ),
        account_id=house.anna_account,
    )  # fmt: skip
    async with db.write() as conn:
        await invitations.invite(conn, "hash", AHEAD + HOUR, mail)
        assert await invitations.mailed_since(conn, house.anna_account, AHEAD - MINUTE, AHEAD)
        assert not await invitations.mailed_since(conn, house.anna_account, NOW - MINUTE, NOW)
