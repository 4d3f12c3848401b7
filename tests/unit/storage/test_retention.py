"""What has had its time is erased, what a person still needs is not; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import company_changes
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.maintenance.retention import Erased, Retention
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, Outcome
from rules.customers.change_feed import News, NewsKind
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, SampleCompany, arrive, furnish
from tests.usage_of import sms_parts

KEEP = RetentionSettings(note_days=90, call_days=90, outbox_days=7)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def noted(db: Database, house: SampleCompany, outcome: Outcome | None) -> tuple[str, str, str]:
    """A call with its note and one SMS: ids of call, note, message."""
    async with db.write() as conn:
        call_id = await arrive(conn, house, pbx=new_id())
        await calls.set_outcome(conn, call_id, calls.Outcome.NOTED)
        note = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(house.erika,))
        await notes.insert(
            conn, note, call_id=call_id, customer_id=house.customer_id, agent_id=house.anna, now=NOW
        )
        sms = Notification(
            new_id(), note.id, house.customer_id, Channel.SMS, MessageKind.NOTE, "+491713920042", "Angebot",
            due_at=NOW, created_at=NOW,
        )  # fmt: skip
        await notifications.insert(conn, [sms])
        (sending,) = await notifications.claim_due(conn, NOW, NOW + timedelta(minutes=1))
        if outcome:
            await notifications.finish(conn, sending, outcome, "", NOW)
            await usage.sms_sent(conn, sms.id, house.customer_id, 1, NOW)
    return call_id, note.id, sms.id


async def later(db: Database, days: int) -> Erased:
    return await Retention(db, KEEP, lambda: NOW + timedelta(days=days)).round()


async def test_sent_message_is_emptied_after_a_week_and_the_note_stays(
    db: Database, house: SampleCompany
) -> None:
    _, note_id, sms_id = await noted(db, house, Outcome.SENT)

    assert await later(db, 6) == Erased(0, 0, 0)
    assert await later(db, 8) == Erased(1, 0, 0)

    async with db.read() as conn:
        message = await notifications.by_id(conn, sms_id)
        assert await notes.by_id(conn, note_id) is not None
    assert message is not None
    assert (message.address, message.body_text) == ("", "")


async def test_delivered_note_and_its_call_are_gone_after_their_time_and_the_bill_stays(
    db: Database, house: SampleCompany
) -> None:
    call_id, note_id, _ = await noted(db, house, Outcome.SENT)

    await later(db, 91)

    async with db.read() as conn:
        assert await notes.by_id(conn, note_id) is None
        assert await calls.by_id(conn, call_id) is None
        assert await sms_parts(conn, house.customer_id, NOW) == 1


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNCERTAIN, None])
async def test_note_that_nobody_got_stays_until_a_person_has_decided(
    db: Database, house: SampleCompany, outcome: Outcome | None
) -> None:
    call_id, note_id, sms_id = await noted(db, house, outcome)

    await later(db, 365)

    async with db.read() as conn:
        assert await notes.by_id(conn, note_id) is not None
        assert await calls.by_id(conn, call_id) is not None
        message = await notifications.by_id(conn, sms_id)
    assert message is not None
    assert message.body_text == "Angebot"


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNCERTAIN, None])
async def test_a_note_that_nobody_got_does_not_stay_for_ever(
    db: Database, house: SampleCompany, outcome: Outcome | None
) -> None:
    call_id, note_id, sms_id = await noted(db, house, outcome)

    await later(db, 401)
    await later(db, 401)

    async with db.read() as conn:
        assert await notes.by_id(conn, note_id) is None
        assert await notifications.by_id(conn, sms_id) is None
        assert await calls.by_id(conn, call_id) is None


async def test_news_have_their_two_weeks_in_a_quiet_house_too(db: Database, house: SampleCompany) -> None:
    news = News(NewsKind.AWAY, "employee x", {"name": "Jens Meier", "text": "Krank"})
    async with db.write() as conn:
        await company_changes.insert(conn, [CompanyChange(house.customer_id, NOW, news)], NOW)
    for days, left in ((13, 1), (15, 0)):
        await later(db, days)
        assert await _news(db) == left


async def _news(db: Database) -> int:
    async with db.read() as conn:
        return len((await conn.execute(tables.company_change.select())).all())


async def test_call_with_a_draft_stays(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        await notes.save_draft(conn, call_id, house.anna, {"concern": "Ang"}, 1, NOW)
        await calls.set_outcome(conn, call_id, calls.Outcome.LOST)

    assert not await later(db, 365)
