"""A note and all that it sets in motion are stored together, or not at all; on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pbx_bridge.errors import Refused
from pbx_bridge.notes import short_note
from pbx_bridge.notes.save_note import Invalid, NoteInput, Saved, save_note
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.notes import last_notes, notes
from pbx_bridge.storage.outbox import notifications
from rules.model import Caller, Channel, MessageKind
from tests.sample_company import NOW, SampleCompany, arrive, furnish

if TYPE_CHECKING:
    from pbx_bridge.storage.db.engine import Database

TYPED = {"name": "Hans Müller", "concern": "Angebot", "callback_number": "0171 3920042", "art": "neukunde"}


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def typed(db: Database, house: SampleCompany, **changes: Any) -> NoteInput:
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        await notes.save_draft(conn, call_id, house.anna, {"concern": "Ang"}, 1, NOW)
        customer = await customers.load_customer(conn, house.customer_id)
    values: dict[str, Any] = {
        "call_id": call_id,
        "agent_id": house.anna,
        "agent_name": "Anna Keller",
        "arrived_at": NOW,
        "customer": customer,
        "caller": Caller("+491713920042"),
        "values": TYPED,
        "recipients": (house.erika,),
    }
    return NoteInput(**(values | changes))


async def save(db: Database, note: NoteInput) -> Saved:
    saved = await save_note(db, note, NOW, "example.org")
    assert isinstance(saved, Saved)
    return saved


async def test_note_messages_and_outcome_are_there_and_the_draft_is_gone(
    db: Database, house: SampleCompany
) -> None:
    note = await typed(db, house)

    saved = await save(db, note)

    async with db.read() as conn:
        stored = await notes.by_id(conn, saved.note.id)
        (mail,) = await notifications.of_note(conn, saved.note.id)
        call = await calls.by_id(conn, note.call_id)
        draft = await notes.draft(conn, note.call_id)
    assert stored is not None
    assert stored.note == saved.note
    assert stored.note.callback_number == "+491713920042"
    assert stored.note.fields == (("art", "Neukunde"),)
    assert (mail.address, mail.cc) == ("erika@example.org", ("erste@example.org", "zweite@example.org"))
    assert (mail.channel, mail.kind, mail.reason) == (Channel.EMAIL, MessageKind.NOTE, "recipient")
    assert mail.message_id == f"<{mail.id}@example.org>"
    assert call is not None
    assert call.outcome is calls.Outcome.NOTED
    assert draft is None


async def test_every_wrong_field_is_named_and_nothing_is_stored(db: Database, house: SampleCompany) -> None:
    values = {"name": "", "concern": "Angebot", "callback_number": "keine", "art": "Stammkunde"}
    note = await typed(db, house, values=values, callback_by="gestern", recipients=("fremd",))

    answer = await save_note(db, note, NOW, "example.org")

    assert isinstance(answer, Invalid)
    assert answer.fields.keys() == {"name", "callback_number", "art", "callback_by", "recipients"}
    async with db.read() as conn:
        assert await notes.draft(conn, note.call_id) is not None
        call = await calls.by_id(conn, note.call_id)
    assert call is not None
    assert call.outcome is calls.Outcome.OPEN


async def test_promised_time_is_understood_in_the_customers_zone(db: Database, house: SampleCompany) -> None:
    saved = await save(db, await typed(db, house, callback_by="morgen 14 Uhr"))

    assert saved.note.callback_by is not None
    assert saved.note.callback_by.isoformat() == "2026-11-24T14:00:00"


async def test_after_a_put_through_a_name_is_enough_and_the_mail_is_short(
    db: Database, house: SampleCompany
) -> None:
    note = await typed(db, house, values={"name": "Hans Müller"}, put_through_to=house.erika)

    saved = await save(db, note)

    async with db.read() as conn:
        (mail,) = await notifications.of_note(conn, saved.note.id)
    assert mail.kind is MessageKind.SHORT


async def test_same_call_saved_from_two_tabs_at_once_gets_one_note(
    db: Database, house: SampleCompany
) -> None:
    note = await typed(db, house)

    answers = await asyncio.gather(*(save_note(db, note, NOW, "example.org") for _ in range(4)))

    assert sum(isinstance(answer, Saved) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"note_exists"}


async def test_correction_is_a_new_version_and_is_mailed_as_one(db: Database, house: SampleCompany) -> None:
    note = await typed(db, house)
    first = await save(db, note)
    correction = replace(note, replaces_id=first.note.id, values=TYPED | {"concern": "Anderes"})

    second = await save(db, correction)
    late = await save_note(db, correction, NOW, "example.org")

    async with db.read() as conn:
        versions = await notes.versions(conn, note.call_id)
        (mail,) = await notifications.of_note(conn, second.note.id)
    assert [version.note.concern for version in versions] == ["Angebot", "Anderes"]
    assert mail.kind is MessageKind.CORRECTION
    assert late == Refused("note_outdated")


async def test_correction_after_a_put_through_reaches_who_took_the_call(
    db: Database, house: SampleCompany
) -> None:
    note = await typed(
        db,
        house,
        values={"name": "Hans Müller"},
        recipients=(),
        put_through_to=house.erika,
        callback_by="morgen",
    )
    first = await save(db, note)
    same = await save(db, replace(note, replaces_id=first.note.id))

    mended = await save(db, replace(note, replaces_id=same.note.id, values={"name": "Hanna Müller"}))

    async with db.read() as conn:
        (mail,) = await notifications.of_note(conn, mended.note.id)
    assert same.messages == 0, "nothing new to tell"
    assert (mail.kind, mail.address) == (MessageKind.CORRECTION, "erika@example.org")
    assert "Hanna Müller" in mail.subject


async def test_note_on_an_unassigned_line_is_kept_and_nobody_is_told(
    db: Database, house: SampleCompany
) -> None:
    values = {key: TYPED[key] for key in ("name", "concern")}

    saved = await save(db, await typed(db, house, customer=None, recipients=(), values=values))

    assert saved.messages == 0
    async with db.read() as conn:
        stored = await notes.by_id(conn, saved.note.id)
    assert stored is not None
    assert stored.customer_id is None


async def wishing_sms(db: Database, house: SampleCompany) -> NoteInput:
    """A note for Erika Beispiel, who wants an SMS."""
    note = await typed(db, house)
    assert note.customer is not None
    erika = note.customer.employee(house.erika)
    assert erika is not None
    wishes = replace(erika, sms=True, mobile="+491713920001")
    others = tuple(one for one in note.customer.employees if one.id != erika.id)
    return replace(note, customer=replace(note.customer, employees=(wishes, *others)))


async def test_an_sms_has_a_secret_of_its_own_for_reports_and_a_mail_has_none(
    db: Database, house: SampleCompany
) -> None:
    saved = await save(db, await wishing_sms(db, house))

    async with db.read() as conn:
        told = {one.channel: one for one in await notifications.of_note(conn, saved.note.id)}
    sms, mail = told[Channel.SMS], told[Channel.EMAIL]
    assert len(sms.report_token) >= 32
    assert sms.report_token not in (sms.id, mail.id)
    assert mail.report_token == ""


async def test_with_sms_switched_off_none_is_kept_for_later_and_the_note_says_so(
    db: Database, house: SampleCompany
) -> None:
    note = await wishing_sms(db, house)

    saved = await save_note(db, note, NOW, "example.org", {Channel.EMAIL})

    assert isinstance(saved, Saved)
    assert (saved.messages, saved.sms_off) == (1, True)
    async with db.read() as conn:
        assert [one.channel for one in await notifications.of_note(conn, saved.note.id)] == [Channel.EMAIL]
        (summary,) = await last_notes.last_of_agent(conn, house.anna)
        stored = await notes.by_id(conn, saved.note.id)
    assert summary.sms_off
    assert stored is not None
    assert stored.sms_off


async def test_where_nobody_wants_sms_the_note_says_nothing_of_them(
    db: Database, house: SampleCompany
) -> None:
    saved = await save_note(db, await typed(db, house), NOW, "example.org", {Channel.EMAIL})
    assert isinstance(saved, Saved)
    assert not saved.sms_off


@pytest.mark.parametrize("number, told", [("030 23125190", ("erika",)), ("", ())])
def test_put_through_outside_whoever_was_asked_for_gets_the_short_note(
    number: str, told: tuple[str, ...]
) -> None:
    typed = NoteInput(
        call_id="c1",
        agent_id="a1",
        agent_name="Anna Keller",
        arrived_at=NOW,
        customer=None,
        caller=Caller("+491713920042"),
        values={},
        asked_for="erika",
        put_through_number=number,
    )
    assert short_note._short(typed).recipients == told
