"""The outbox is worked off: each outcome leads where the rule says; nothing is sent twice without a word."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from pbx_bridge.outbox.transports.transport import Failed, Uncertain
from pbx_bridge.storage import tables
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import State
from rules.model import Channel
from rules.outbox.mail_answers import About
from tests.sample_company import NOW
from tests.unit.outbox.office import Office, at_work, office
from tests.until import until
from tests.usage_of import sms_parts

__all__ = ["office"]


async def test_message_is_sent_once_and_its_note_is_named(office: Office) -> None:
    one = await office.put()

    async with at_work(office) as worker:
        sent = await office.becomes(one, State.SENT)

    assert len(office.mail.given) == 1
    assert office.told == [sent.note_id]
    assert worker.health[Channel.EMAIL] == "up"


async def test_before_the_first_message_the_worker_says_who_can_be_reached(office: Office) -> None:
    office.sms.broken = OSError("nobody there")

    async with at_work(office) as worker:
        assert worker.health == {Channel.EMAIL: "unknown", Channel.SMS: "unknown"}
        await until(lambda: "unknown" not in worker.health.values(), message="nobody looked")
        assert worker.health == {Channel.EMAIL: "up", Channel.SMS: "down"}


async def test_a_look_that_goes_wrong_ends_nobody_who_sends(office: Office) -> None:
    office.mail.broken = ValueError("a bug, or a setting nobody thought of")
    one = await office.put()

    async with at_work(office) as worker:
        await until(lambda: worker.health[Channel.EMAIL] != "unknown", message="nobody looked")
        await office.becomes(one, State.SENT)
        assert worker.health[Channel.EMAIL] == "up"


async def test_a_server_that_answers_but_takes_nothing_is_down(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbx_bridge.outbox.worker.LOOK_SECONDS", 0.01)
    office.mail.answers = [Failed("smtp_452", permanent=False, about=About.SERVER)]
    one = await office.put()

    async with at_work(office) as worker:
        await until(lambda: worker.health[Channel.EMAIL] == "down", message="the message says nothing")
        await asyncio.sleep(0.05)  # five looks long: whoever still looks would say "up" by now
        assert worker.health[Channel.EMAIL] == "down"
        office.now += timedelta(hours=1)
        await office.becomes(one, State.SENT)
        assert worker.health[Channel.EMAIL] == "up"


async def test_wake_makes_it_look_at_once(office: Office) -> None:
    async with at_work(office) as worker:
        await asyncio.sleep(0)
        one = await office.put()
        worker.wake()
        await office.becomes(one, State.SENT)


async def test_temporary_failure_is_tried_again_after_the_pause_of_the_rule(office: Office) -> None:
    office.mail.answers = [Failed("smtp_451", permanent=False, detail="greylisted")]
    one = await office.put()

    async with at_work(office) as worker:
        waiting = await office.becomes(one, State.WAITING)
        assert waiting.due_at == NOW + timedelta(minutes=1)
        assert worker.health[Channel.EMAIL] == "up", "it says nothing against the server"
        office.now += timedelta(minutes=1)
        sent = await office.becomes(one, State.SENT)

    assert sent.attempts == 2
    async with office.db.read() as conn:
        first, second = await notifications.attempts_of(conn, one)
    assert (first.outcome, first.detail) == (notifications.Outcome.FAILED, "smtp_451 greylisted")
    assert second.outcome is notifications.Outcome.SENT


async def test_permanent_failure_is_failed_and_visible(office: Office) -> None:
    office.mail.answers = [Failed("smtp_550", permanent=True)]
    one = await office.put()

    async with at_work(office) as worker:
        await office.becomes(one, State.FAILED)
        assert worker.health[Channel.EMAIL] == "up", "a wrong address says nothing against the server"

    async with office.db.read() as conn:
        assert [stuck.id for stuck in await notifications.stuck(conn, NOW)] == [one]


async def test_uncertain_mail_goes_again_with_its_id_and_marked_as_possible_duplicate(
    office: Office,
) -> None:
    office.mail.answers = [Uncertain("no_answer_after_data")]
    one = await office.put()

    async with at_work(office):
        await office.becomes(one, State.WAITING)
        office.now += timedelta(minutes=1)
        await office.becomes(one, State.SENT)

    first, second = office.mail.given
    assert (first.message_id, first.possible_duplicate) == ("<1@example.org>", False)
    assert (second.message_id, second.possible_duplicate) == ("<1@example.org>", True)


async def test_uncertain_sms_is_never_repeated_and_never_called_failed(office: Office) -> None:
    office.sms.answers = [Uncertain("no_answer_from_gateway")]
    one = await office.put(Channel.SMS)

    async with at_work(office):
        await office.becomes(one, State.UNCERTAIN)
        office.now += timedelta(days=2)
        await asyncio.sleep(0.2)

    assert len(office.sms.given) == 1
    assert (await office.look(one)).state is State.UNCERTAIN


async def test_an_sms_counts_once(office: Office) -> None:
    one = await office.put(Channel.SMS)

    async with at_work(office):
        sent = await office.becomes(one, State.SENT)

    assert sent.gateway_id == "gw-1"
    async with office.db.read() as conn:
        assert await sms_parts(conn, office.house.customer_id, NOW) == 1


async def test_a_long_sms_costs_each_of_its_parts(office: Office) -> None:
    one = await office.put(Channel.SMS)
    async with office.db.write() as conn:
        await conn.execute(tables.notification.update().values(body_text="Angebot " * 30))

    async with at_work(office):
        await office.becomes(one, State.SENT)

    async with office.db.read() as conn:
        assert await sms_parts(conn, office.house.customer_id, NOW) == 2


async def test_uncertain_sms_is_not_billed(office: Office) -> None:
    office.sms.answers = [Uncertain("no_answer_from_gateway")]
    one = await office.put(Channel.SMS)

    async with at_work(office):
        await office.becomes(one, State.UNCERTAIN)

    async with office.db.read() as conn:
        assert await sms_parts(conn, office.house.customer_id, NOW) == 0


async def test_message_of_a_worker_that_died_is_uncertain_after_its_lease(office: Office) -> None:
    mail, sms = await office.put(), await office.put(Channel.SMS)
    async with office.db.write() as conn:
        await notifications.claim_due(conn, NOW, NOW + timedelta(seconds=60))

    async with at_work(office):
        await asyncio.sleep(0.2)
        assert not office.mail.given, "the other one may still be at it"
        office.now += timedelta(seconds=61)
        await office.becomes(sms, State.UNCERTAIN)
        await office.becomes(mail, State.WAITING)
        office.now += timedelta(minutes=1)
        await office.becomes(mail, State.SENT)

    assert office.mail.given[0].possible_duplicate
    assert not office.sms.given


async def test_broken_transport_costs_one_message_not_the_outbox(office: Office) -> None:
    office.mail.answers = [RuntimeError("bug")]
    one = await office.put()

    async with at_work(office) as worker:
        await office.becomes(one, State.FAILED)
        two = await office.put()
        worker.wake()
        await office.becomes(two, State.SENT)


async def test_silent_gateway_does_not_hold_up_the_mail(office: Office) -> None:
    office.sms.hold = asyncio.Event()
    for _ in range(3):
        await office.put(Channel.SMS)
    mail = await office.put()

    async with at_work(office):
        await office.becomes(mail, State.SENT)
        office.sms.hold.set()
