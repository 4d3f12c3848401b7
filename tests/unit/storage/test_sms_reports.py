"""What a gateway tells of an SMS: it decides, it is billed once, and nobody else can tell it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications, sms_reports
from pbx_bridge.storage.outbox.notifications import Notification, Outcome, State
from pbx_bridge.storage.outbox.sms_reports import Key
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, arrive, furnish
from tests.usage_of import sms_parts

MINUTE = timedelta(minutes=1)
TOKEN = "the-secret-of-one-sms"


async def under_way(db: Database, channel: Channel = Channel.SMS, text: str = "Text") -> Notification:
    """Claimed, and not concluded."""
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        note = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(house.erika,))
        await notes.insert(
            conn, note, call_id=call_id, customer_id=house.customer_id, agent_id=house.anna, now=NOW
        )
        one = Notification(
            new_id(), note.id, house.customer_id, channel, MessageKind.NOTE, "+491713920042", text,
            due_at=NOW, created_at=NOW, report_token=TOKEN,
        )  # fmt: skip
        await notifications.insert(conn, [one])
        (claimed,) = await notifications.claim_due(conn, NOW, NOW + MINUTE)
    return claimed


async def told(db: Database, key: Key, *, delivered: bool = True) -> str | None:
    async with db.write() as conn:
        return await sms_reports.report(conn, key, delivered=delivered, detail="report_1", now=NOW + MINUTE)


async def state(db: Database, one: Notification) -> State:
    async with db.read() as conn:
        found = await notifications.by_id(conn, one.id)
    assert found is not None
    return found.state


async def billed(db: Database, one: Notification) -> int:
    async with db.read() as conn:
        return await sms_parts(conn, one.customer_id, NOW)


@pytest.mark.parametrize("delivered,after", [(True, State.DELIVERED), (False, State.FAILED)])
async def test_a_report_decides_also_when_it_comes_first(db: Database, delivered: bool, after: State) -> None:
    sms = await under_way(db)

    assert await told(db, Key(token=TOKEN), delivered=delivered) == sms.note_id

    async with db.write() as conn:
        assert not await notifications.finish(conn, sms, Outcome.SENT, "202", NOW + MINUTE)
    assert await state(db, sms) is after


async def test_a_report_by_the_gateways_name_fits_once(db: Database) -> None:
    sms = await under_way(db)
    async with db.write() as conn:
        await notifications.finish(conn, sms, Outcome.SENT, "202", NOW, gateway_id="g1")

    assert [await told(db, Key(gateway_id=name)) for name in ("", "g2", "g1", "g1")] == [
        None,
        None,
        sms.note_id,
        None,
    ]


@pytest.mark.parametrize("key", [Key(token=TOKEN), Key(gateway_id="g1")])
async def test_an_email_is_never_reported(db: Database, key: Key) -> None:
    mail = await under_way(db, Channel.EMAIL)
    async with db.write() as conn:
        await notifications.finish(conn, mail, Outcome.SENT, "250", NOW, gateway_id="g1")

    assert await told(db, key, delivered=False) is None
    assert await state(db, mail) is State.SENT


async def test_what_everybody_can_read_is_no_key(db: Database) -> None:
    """The id stands in the Message-ID of mails, and in pages."""
    sms = await under_way(db)

    for key in (Key(token=sms.id), Key(gateway_id=sms.id), Key()):
        async with db.read() as conn:
            assert not await sms_reports.fits(conn, key)
        assert await told(db, key) is None


@pytest.mark.parametrize("known", [Outcome.UNCERTAIN, Outcome.SENT, None])
async def test_an_sms_that_arrived_is_billed_once_however_it_became_known(
    db: Database, known: Outcome | None
) -> None:
    """Also when our own answer was lost: it did go out."""
    sms = await under_way(db)
    if known is not None:
        async with db.write() as conn:
            await notifications.finish(conn, sms, known, "", NOW)
            if known is Outcome.SENT:
                await usage.sms_sent(conn, sms.id, sms.customer_id, 1, NOW)

    assert await told(db, Key(token=TOKEN)) == sms.note_id

    assert await billed(db, sms) == 1


async def test_a_report_bills_each_part(db: Database) -> None:
    """As the gateway does: what did not fit into one SMS went out as two."""
    sms = await under_way(db, text="a" * 161)

    await told(db, Key(token=TOKEN))

    assert await billed(db, sms) == 2


async def test_an_sms_that_did_not_arrive_is_not_billed_for_that(db: Database) -> None:
    sms = await under_way(db)

    await told(db, Key(token=TOKEN), delivered=False)

    assert await billed(db, sms) == 0
