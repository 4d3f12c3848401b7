"""A hundred people are erased, and not a byte of them is left: in the database's files, or in any text of its
tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from markupsafe import escape

from pbx_bridge.calls.ids import CallNames
from pbx_bridge.editing import employees as use_cases
from pbx_bridge.editing import erasing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.errors import Refused
from pbx_bridge.notes.voice_messages import VoiceMessages
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, accounts, audit_chain
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import company_changes, customers
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.erasure import protocol
from pbx_bridge.storage.undo import undo
from rules.customers.change_feed import News, NewsKind
from rules.vocabulary import ErasureKind
from tests.files_of_databases import found_in, in_the_book, told_by_the_book
from tests.planted import texts
from tests.sample_company import NOW, SampleCompany, arrive, furnish

BOSS = Editor(NOW, None, "chefin")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose every text is found again: `name` and `number` are nobody else's."""

    name: str
    number: str
    id: str

    @property
    def email(self) -> str:
        return f"{self.name.split()[1].lower()}@example.org"

    def marks(self) -> Iterator[str]:
        """As they stand anywhere."""
        yield from self.name.split()
        yield self.number.removeprefix("+49")


def people(count: int, kind: str, stem: str) -> list[Person]:
    return [Person(f"{kind}vor{n:02}x {kind}nach{n:02}x&Co", f"{stem}{n:02}", new_id()) for n in range(count)]


async def caller_called(conn: AsyncConnection, house: SampleCompany, one: Person) -> None:
    """From their number, and once from another one with theirs to be called back; with all that follows."""
    for number in (one.number, "+493023125999"):
        call_id = await arrive(conn, house, number, pbx=new_id())
        await conn.execute(
            t.call.update()
            .where(t.call.c.id == call_id)
            .values(ended_at=NOW, outcome="noted", caller_name=one.name)
        )
        await note(conn, house, call_id, one.name, one.number, f"{one.name} bittet um Rückruf")
    draft = await arrive(conn, house, "", pbx=new_id())
    await conn.execute(t.call.update().where(t.call.c.id == draft).values(ended_at=NOW, outcome="noted"))
    typed = {"callback": one.number.replace("+49", "0"), "name": one.name}
    row = {"id": draft, "call_id": draft, "agent_id": house.anna, "body": typed, "revision": 1}
    await conn.execute(t.note_draft.insert(), row | {"changed_at": NOW})
    vip = {"id": new_id(), "customer_id": house.customer_id, "employee_id": None, "name": one.name}
    await conn.execute(t.vip_caller.insert(), vip | {"pattern": one.number, "info": one.name})
    block = {"id": new_id(), "customer_id": house.customer_id, "number": one.number, "remark": one.name}
    await conn.execute(t.blocked_caller.insert(), block | {"reason": "other", "at": NOW})


async def note(
    conn: AsyncConnection, house: SampleCompany, call_id: str, name: str, number: str, concern: str
) -> None:
    note_id = new_id()
    row = {"id": note_id, "call_id": call_id, "customer_id": house.customer_id, "agent_id": house.anna}
    said = {"caller_name": name, "callback_number": number, "concern": concern, "fields": {"art": concern}}
    await conn.execute(t.call_note.insert(), row | said | {"created_at": NOW})
    await message(conn, house, note_id, house.erika, "erika@example.org", concern)


async def spoken(conn: AsyncConnection, one: Person, kept: Path) -> None:
    """What one of them left after the tone."""
    theirs = t.call_note.select().where(t.call_note.c.callback_number == one.number)
    found = (await conn.execute(theirs)).all()[0]
    row = {"id": new_id(), "recording": new_id(), "call_id": found.call_id, "note_id": found.id, "at": NOW}
    await conn.execute(t.voice_message.insert(), row | {"seconds": 4})
    (kept / f"{row['id']}.wav").write_text(" ".join(one.marks()))


async def message(
    conn: AsyncConnection, house: SampleCompany, note_id: str, employee: str, address: str, text: str
) -> None:
    row = {"id": new_id(), "note_id": note_id, "customer_id": house.customer_id, "employee_id": employee}
    told = {"channel": "email", "kind": "note", "address": address, "cc": [], "subject": text}
    body = {"body_text": text, "body_html": f"<p>{escape(text)}</p>", "state": "sent", "finished_at": NOW}
    await conn.execute(t.notification.insert(), row | told | body | {"due_at": NOW, "created_at": NOW})


async def employee_works(db: Database, house: SampleCompany, one: Person) -> None:
    """In every place in which somebody of a company can stand."""
    given, family = one.name.split()
    turned = f"{family}, {given}"
    async with db.write() as conn:
        person = {"id": one.id, "customer_id": house.customer_id, "name": turned, "given_name": given}
        ways = {"family_name": family, "email": one.email, "mobile": one.number, "absence_info": one.name}
        await conn.execute(t.employee.insert(), person | ways)
        appointment = {"id": new_id(), "employee_id": one.id, "text": f"Kur {one.name}"}
        span = {"start_local": "2026-12-01T00:00", "end_local": "2026-12-02T00:00"}
        await conn.execute(t.appointment.insert(), appointment | span)
        account = Account("", one.email, Role.SUBACCOUNT, "de", house.customer_id, one.id)
        await accounts.insert(conn, account, "no hash", NOW)
        await access_log.write_all(conn, AccessEvent.LOG_IN, [one.email], NOW)
        news = News(NewsKind.AWAY, f"employee {one.id}", {"name": one.name}, whose=one.id)
        await company_changes.insert(conn, [CompanyChange(house.customer_id, NOW, news)], NOW)
        call_id = await arrive(conn, house, pbx=new_id())
        await note(conn, house, call_id, "Hans Müller", "", f"Für {one.name} ({one.email}), dringend")
        note_id = (await conn.execute(t.call_note.select().where(t.call_note.c.call_id == call_id))).one().id
        await message(conn, house, note_id, one.id, one.email, f"Guten Tag {one.name}")
        await insert_all(conn, t.note_recipient, [{"note_id": note_id, "employee_id": one.id}])
        copied = t.notification.c.employee_id == house.erika
        await conn.execute(t.notification.update().where(copied).values(cc=[one.email, "b@example.org"]))
        own = t.employee.c.id == house.jens
        await conn.execute(t.employee.update().where(own).values(absence_info=f"Bitte an {turned}"))
        answer = {"id": new_id(), "account_id": house.anna_account, "answer": {"names": {"a": one.name}}}
        await conn.execute(t.desk_command.insert(), answer | {"at": NOW})


async def taken_away_and_back(db: Database, house: SampleCompany, one: Person) -> None:
    """So that a way back names them, and it is undone."""
    async with Editing(db).change(house.customer_id, BOSS) as change:
        await use_cases.delete(change, one.id)
    async with db.read() as conn:
        step = (await conn.execute(t.undo_step.select().order_by(t.undo_step.c.id.desc()))).first()
    assert step
    async with db.write() as conn:
        assert isinstance(await undo.undo(conn, house.customer_id, None, step.id, NOW), str)


async def erase_all(db: Database, house: SampleCompany, callers: list[Person], staff: list[Person]) -> None:
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
    assert customer
    for one in (*callers, *staff):
        person = customer.employee(one.id)
        async with db.read() as conn:
            subject = (
                await erasing.employee(conn, customer, person)
                if person
                else await erasing.caller(conn, customer, one.number)
            )
        assert not isinstance(await erasing.erase(Editing(db), subject, BOSS), Refused)
        if person:  # what the service tells its desks, once it has noticed
            gone = News(NewsKind.EMPLOYEE_GONE, f"employee {one.id}", {"name": one.name})
            async with db.write() as conn:
                await company_changes.insert(conn, [CompanyChange(house.customer_id, NOW, gone)], NOW)
    await db.empty_log()


async def found_in_tables(db: Database, everybody: list[Person]) -> set[str]:
    content = json.dumps(await texts(db), ensure_ascii=False)
    return {mark for one in everybody for mark in one.marks() if mark in content}


@pytest.mark.parametrize("each", [5, 50], ids=["10 people", "100 people"])
async def test_not_a_byte_of_whoever_was_erased_is_left(
    database_url: str, root: Path, tmp_path: Path, each: int
) -> None:
    db, sounds = Database(database_url), VoiceSounds(tmp_path / "voice")
    sounds.kept.mkdir(parents=True)
    house = await furnish(db)
    callers, staff = people(each, "Ru", "+4930231257"), people(each, "Mi", "+4917139209")
    async with db.write() as conn:
        for one in callers:
            await caller_called(conn, house, one)
            await spoken(conn, one, sounds.kept)
    for one in staff:
        await employee_works(db, house, one)
    for one in staff[:5]:
        await taken_away_and_back(db, house, one)
    everybody = [*callers, *staff]
    marks = {mark for one in everybody for mark in one.marks()}
    assert await found_in_tables(db, everybody) == marks, "else nothing is proven"
    assert found_in(await told_by_the_book(database_url, "ANALYZE", "CHECKPOINT"), marks) == marks
    assert found_in(sounds.kept.iterdir(), marks) == {mark for one in callers for mark in one.marks()}

    await erase_all(db, house, callers, staff)

    assert await found_in_tables(db, everybody) == set()
    assert found_in(await told_by_the_book(database_url, *in_the_book(root)), marks) == set()
    await VoiceMessages(db, CallNames(), sounds, "", (), lambda: None, lambda: NOW).look()
    assert not list(sounds.kept.iterdir())
    async with db.read() as conn:
        assert (await audit_chain.check(conn)).breach is None
        entries, total = await protocol.listed(conn, most=500)
    assert total == 2 * each
    assert {one.kind for one in entries} == {ErasureKind.CALLER, ErasureKind.EMPLOYEE}
    await db.close()


@pytest.fixture
async def house(sqlite_db: Database) -> SampleCompany:
    return await furnish(sqlite_db)


async def test_whoever_is_talking_is_not_erased(sqlite_db: Database, house: SampleCompany) -> None:
    async with sqlite_db.write() as conn:
        await arrive(conn, house)
        customer = await customers.load_customer(conn, house.customer_id)
        assert customer
        subject = await erasing.caller(conn, customer, "+491713920042")
    done = await erasing.erase(Editing(sqlite_db), subject, BOSS)
    assert done == Refused("erase_live_call")
    async with sqlite_db.read() as conn:
        assert (await conn.execute(t.call.select())).first()


async def test_others_and_other_companies_are_left_as_they_are(
    sqlite_db: Database, house: SampleCompany
) -> None:
    async with sqlite_db.write() as conn:
        tariff = (await conn.execute(t.tariff.select())).one().id
        other = {"id": "other", "name": "Praxis Dr. Sommer", "tariff_id": tariff, "greeting": ""}
        await conn.execute(t.customer.insert(), other)
        there = await arrive(conn, house, pbx="2.1")
        await conn.execute(t.call.update().where(t.call.c.id == there).values(customer_id="other"))
        colleague = await arrive(conn, house, "+493023125200", pbx="3.1")
        mine = await arrive(conn, house, pbx="4.1")
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="noted"))
        customer = await customers.load_customer(conn, house.customer_id)
        before = await customers.version(conn, house.customer_id)
        assert customer
        subject = await erasing.caller(conn, customer, "+491713920042")
        assert (await erasing.found(conn, subject))["calls"] == 1
    await erasing.erase(Editing(sqlite_db), subject, BOSS)
    async with sqlite_db.read() as conn:
        left = set((await conn.execute(t.call.select().with_only_columns(t.call.c.id))).scalars())
        after = await customers.version(conn, house.customer_id)
    assert left == {there, colleague} != {mine}
    assert after != before, "a VIP entry went: desks and PBX hear of it"


async def test_a_number_is_not_one_that_begins_like_it(sqlite_db: Database, house: SampleCompany) -> None:
    async with sqlite_db.write() as conn:
        call_id = await arrive(conn, house, "")
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="noted"))
        row = {"id": call_id, "call_id": call_id, "body": {"callback": "030 23125110"}, "revision": 1}
        await conn.execute(t.note_draft.insert(), row | {"changed_at": NOW})
        customer = await customers.load_customer(conn, house.customer_id)
        assert customer
        shorter = await erasing.caller(conn, customer, "+4930231251")
        assert "calls" not in await erasing.found(conn, shorter)
        theirs = await erasing.caller(conn, customer, "+493023125110")
        assert (await erasing.found(conn, theirs))["calls"] == 1


async def test_a_note_that_is_being_written_is_waited_for(sqlite_db: Database, house: SampleCompany) -> None:
    async with sqlite_db.write() as conn:
        await arrive(conn, house)
        await conn.execute(t.call.update().values(ended_at=NOW))
        customer = await customers.load_customer(conn, house.customer_id)
        assert customer
        subject = await erasing.caller(conn, customer, "+491713920042")
    for later, refused in ((timedelta(minutes=14), True), (timedelta(minutes=16), False)):
        who = Editor(NOW + later, None, "chefin")
        assert isinstance(await erasing.erase(Editing(sqlite_db), subject, who), Refused) is refused


async def test_what_is_handed_out_is_in_the_log_and_has_no_secret(
    sqlite_db: Database, house: SampleCompany
) -> None:
    async with sqlite_db.write() as conn:
        account = Account("", "erika@example.org", Role.SUBACCOUNT, "de", house.customer_id, house.erika)
        await accounts.insert(conn, account, "a secret hash", NOW)
        customer = await customers.load_customer(conn, house.customer_id)
        person = customer.employee(house.erika) if customer else None
        assert customer
        assert person
        subject = await erasing.employee(conn, customer, person)
    rows = await erasing.collected(sqlite_db, customer, subject, BOSS)
    assert "a secret hash" not in json.dumps(rows)
    assert {"employee", "ccs", "vips", "log_ins"} <= rows.keys()
    async with sqlite_db.read() as conn:
        entries, _ = await access_log.listed(conn)
        (line,), _ = await protocol.listed(conn)
    assert (entries[0].event, entries[0].detail) == ("data_handed_out", "Mustermann AG · employee_export")
    assert line.counts["ccs"] == 2
