"""The worker ends when it is told to, and forgets nothing that it knows by then."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from pbx_bridge.outbox.ledger import Ledger
from pbx_bridge.outbox.transports.transport import Outcome, Outgoing, Sent
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox import worker as outbox
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from rules.outbox.mail_answers import About
from tests.sample_company import NOW
from tests.unit.outbox.office import Office, Post, at_work, office
from tests.until import PATIENCE, until

__all__ = ["office"]


class DeafPost(Post):
    """Swallows the first cancellation, as a `wait_for` inside a library can in Python 3.11."""

    async def send(self, message: Outgoing) -> Outcome:
        with contextlib.suppress(asyncio.CancelledError):
            return await super().send(message)
        return Sent()


async def test_it_ends_although_a_library_swallows_the_cancellation(office: Office) -> None:
    office.mail = DeafPost(hold=asyncio.Event())
    await office.put()
    worker = asyncio.create_task(office.worker().run())
    await until(lambda: office.mail.given, message="under way")

    worker.cancel()
    done, _ = await asyncio.wait({worker}, timeout=PATIENCE)

    assert done


async def test_what_is_known_is_stored_before_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next life calls it uncertain and sends it twice."""
    one, storing = await office.put(), asyncio.Event()
    finish = notifications.finish

    async def slowly(*args: Any) -> bool:
        storing.set()
        await asyncio.sleep(0.1)
        return await finish(*args)

    monkeypatch.setattr(notifications, "finish", slowly)
    worker = asyncio.create_task(office.worker().run())
    await storing.wait()
    worker.cancel()
    await asyncio.wait({worker})

    assert (await office.look(one)).state is State.SENT


async def stop(worker: Worker, task: asyncio.Task[None], seconds: float) -> None:
    """As the service stops it."""
    task.cancel()
    await asyncio.wait({task})
    await worker.drain(seconds)


async def under_way(office: Office, post: Post, *, left: bool) -> tuple[Worker, asyncio.Task[None]]:
    """A worker whose message is with its transport. `left`: bytes of it are out."""
    post.hold = asyncio.Event()
    post.leaves_at_once = left
    worker = office.worker()
    task = asyncio.create_task(worker.run())
    await until(lambda: post.given, message="under way")
    return worker, task


async def test_a_stop_lets_what_is_under_way_come_to_its_end(office: Office) -> None:
    one = await office.put()
    worker, task = await under_way(office, office.mail, left=True)
    assert office.mail.hold
    asyncio.get_running_loop().call_later(0.2, office.mail.hold.set)

    await stop(worker, task, PATIENCE)

    assert (await office.look(one)).state is State.SENT
    assert len(office.mail.given) == 1


async def test_a_stop_does_not_wait_for_ever_and_says_what_is_known(office: Office) -> None:
    """An SMS of which nothing had left goes out after the start; one that had is uncertain, at once."""
    kept, lost = await office.put(), await office.put(Channel.SMS)
    office.mail.leaves_at_once, office.sms.leaves_at_once = False, True
    office.mail.hold = asyncio.Event()
    worker, task = await under_way(office, office.sms, left=True)
    await until(lambda: office.mail.given, message="both")

    await stop(worker, task, 0.1)

    assert (await office.look(kept)).state is State.WAITING
    assert (await office.look(lost)).state is State.UNCERTAIN
    async with office.db.read() as conn:
        (attempt,) = await notifications.attempts_of(conn, kept)
    assert (attempt.detail, attempt.about) == ("stopped", About.SERVER)


@pytest.mark.parametrize("channel", Channel)
async def test_what_a_stop_broke_off_goes_out_after_the_start(office: Office, channel: Channel) -> None:
    post = office.mail if channel is Channel.EMAIL else office.sms
    one = await office.put(channel)
    await stop(*await under_way(office, post, left=False), 0.05)
    post.hold = None

    async with at_work(office):
        await office.becomes(one, State.SENT)

    assert not post.given[-1].possible_duplicate


async def test_nothing_new_is_begun_while_it_stops(office: Office) -> None:
    ids = [await office.put() for _ in range(6)]
    worker, task = await under_way(office, office.mail, left=True)
    await until(lambda: worker.busy == 2, message="both hands are full")
    assert office.mail.hold
    asyncio.get_running_loop().call_later(0.1, office.mail.hold.set)

    await stop(worker, task, PATIENCE)

    states = [(await office.look(one)).state for one in ids]
    assert (states.count(State.SENT), states.count(State.WAITING)) == (2, 4)


async def test_what_a_busy_database_did_not_take_at_a_stop_is_written_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the mail has gone out, nobody knows it, and it goes out once more."""
    one, store, refused = await office.put(), Ledger._store, [True]

    async def busy_once(ledger: Ledger, *what: Any) -> bool:
        if refused:
            refused.pop()
            raise StorageUnavailable("locked")
        return await store(ledger, *what)

    monkeypatch.setattr(Ledger, "_store", busy_once)
    worker, task = await under_way(office, office.mail, left=True)
    assert office.mail.hold
    asyncio.get_running_loop().call_later(0.1, office.mail.hold.set)

    await stop(worker, task, PATIENCE)

    assert not refused
    assert (await office.look(one)).state is State.SENT


async def test_a_lease_is_renewed_as_long_as_the_message_is_under_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may take ten minutes for its answer; nobody else takes the message for a dead worker's."""
    monkeypatch.setattr(Office, "lease_seconds", 0.15)
    one = await office.put()
    worker, task = await under_way(office, office.mail, left=True)
    office.now += timedelta(minutes=5)
    await until_lease(office, one)

    async with office.db.write() as conn:
        assert await notifications.claim_abandoned(conn, office.now, office.now) == ()
    assert office.mail.hold
    office.mail.hold.set()
    await office.becomes(one, State.SENT)
    await stop(worker, task, 1)
    assert len(office.mail.given) == 1


async def test_nobody_takes_over_what_the_same_worker_sends(office: Office) -> None:
    """Also when the database was away for so long that the lease could not be renewed."""
    one = await office.put()
    worker, task = await under_way(office, office.mail, left=True)
    office.now += timedelta(minutes=5)
    office.sms.hold = None
    other = await office.put()
    office.mail.hold, held = None, office.mail.hold
    worker.wake()
    await office.becomes(other, State.SENT)

    assert (await office.look(one)).state is State.SENDING
    assert held
    held.set()
    await office.becomes(one, State.SENT)
    await stop(worker, task, 1)


async def test_what_a_dead_worker_left_is_taken_over_and_judged_in_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was thought dead and comes in between would hold the same attempt as the one who judges it."""
    one, seen, tries = await office.put(), list[Notification](), outbox.tries
    async with office.db.write() as conn:
        (left,) = await notifications.claim_due(conn, NOW, NOW + timedelta(seconds=60))

    async def looked(*what: Any) -> outbox.Tries:
        seen.append(await office.look(one))
        return await tries(*what)

    monkeypatch.setattr(outbox, "tries", looked)
    office.now += timedelta(seconds=61)
    async with at_work(office):
        await office.becomes(one, State.WAITING)

    assert seen[0] == left, "to everybody else it is as the dead one left it"


async def until_lease(office: Office, one: str) -> None:
    """Until it holds beyond the present moment."""
    for _ in range(1500):
        lease = (await office.look(one)).lease_until
        if lease and lease > office.now:
            return
        await asyncio.sleep(0.01)
    raise AssertionError
