"""Where an employee stands who is erased, in spellings and places that are easily forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.editing import erasing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, accounts
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from tests.planted import texts
from tests.sample_company import NOW, SampleCompany, arrive, furnish

BOSS = Editor(NOW, None, "chefin")
JOERG = {"name": "Jörg Groß", "given_name": "Jörg", "family_name": "Groß", "email": "j.gross@example.org"}


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    """Of Mustermann AG, where Jens is Jörg now."""
    house = await furnish(db)
    async with db.write() as conn:
        await conn.execute(t.employee.update().where(t.employee.c.id == house.jens).values(JOERG))
    return house


async def erased(db: Database, house: SampleCompany) -> dict[str, int]:
    """Jörg; returns how many rows of each kind."""
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
        person = customer.employee(house.jens) if customer else None
        assert customer
        assert person
        subject = await erasing.employee(conn, customer, person)
    done = await erasing.erase(Editing(db), subject, BOSS)
    assert not isinstance(done, Refused)
    return dict(done.counts)


async def test_colleagues_send_whoever_is_erased_no_more_copies(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        copy = {"employee_id": house.erika, "place": 3, "email": "J.Gross@example.org"}
        await conn.execute(t.employee_cc.insert(), copy)

    counts = await erased(db, house)

    async with db.read() as conn:
        left = {row.email for row in await conn.execute(t.employee_cc.select())}
    assert left == {"erste@example.org", "zweite@example.org"}
    assert counts["copies"] == 1


async def test_a_name_is_found_in_any_case_and_where_json_spells_it_in_ascii(
    db: Database, house: SampleCompany
) -> None:
    note_id, message_id = new_id(), new_id()
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="noted"))
        row = {"id": note_id, "call_id": call_id, "customer_id": house.customer_id, "agent_id": house.anna}
        said = {"caller_name": "Hans Müller", "fields": {"art": "für Jörg Groß"}, "concern": "JÖRG GROSS"}
        await conn.execute(t.call_note.insert(), row | said | {"callback_number": "", "created_at": NOW})
        draft = {"id": new_id(), "call_id": call_id, "agent_id": house.anna, "revision": 1}
        body = {"body": {"concern": "GROß, JÖRG"}, "changed_at": NOW}
        await conn.execute(t.note_draft.insert(), draft | body)
        answer = {"id": new_id(), "account_id": house.anna_account, "answer": {"to": "Jörg Groß"}}
        await conn.execute(t.desk_command.insert(), answer | {"at": NOW})
        told = {"id": message_id, "note_id": note_id, "employee_id": house.erika, "channel": "email"}
        text = {
            "kind": "note",
            "address": "erika@example.org",
            "cc": ["J.Gross@example.org"],
            "body_text": "",
        }
        moments = {"state": "sent", "due_at": NOW, "created_at": NOW}
        await conn.execute(t.notification.insert(), told | text | moments)
        refused = {"notification_id": message_id, "number": 1, "started_at": NOW}
        detail = "refused 550 <J.GROSS@example.org>: unknown"
        await conn.execute(t.delivery_attempt.insert(), refused | {"detail": detail})

    await erased(db, house)

    found = await texts(db)
    assert found["call_note.fields"] == ['{"art": "für […]"}']
    assert found["call_note.concern"] == ["[…]"]
    assert found["note_draft.body"] == ['{"concern": "[…]"}']
    assert found["delivery_attempt.detail"] == ["refused 550 <[…]>: unknown"]
    assert found["notification.cc"] == ["[]"]
    assert "desk_command.answer" not in found


async def test_log_entries_of_each_address_are_emptied_but_not_of_one_that_others_have(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        shared = t.employee.c.id == house.erika
        await conn.execute(t.employee.update().where(shared).values(email="team@example.org"))
        for login, email in (("joerg", "jg@example.org"), ("jg2", "team@example.org")):
            account = Account("", login, Role.SUBACCOUNT, "de", house.customer_id, house.jens, email=email)
            await accounts.insert(conn, account, "no hash", NOW)
        typed = ["joerg", "jg@example.org", "J.Gross@example.org", "j.gross@example.org", "team@example.org"]
        await access_log.write_all(conn, AccessEvent.LOG_IN, typed, NOW)
        upper = t.employee.c.id == house.jens
        await conn.execute(t.employee.update().where(upper).values(email="J.Gross@example.org"))

    await erased(db, house)

    logins = [one for one in (await texts(db))["access_log.login"] if one]
    assert sorted(logins) == ["chefin", "team@example.org"]


async def test_who_is_told_of_a_caller_is_not_handed_out_nor_a_key(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        call_id, note_id = await arrive(conn, house), new_id()
        row = {"id": note_id, "call_id": call_id, "customer_id": house.customer_id, "agent_id": house.anna}
        await conn.execute(
            t.call_note.insert(),
            row
            | {
                "caller_name": "Hans Müller",
                "concern": "",
                "callback_number": "",
                "fields": {},
                "created_at": NOW,
            },
        )
        keys = {"report_token": "a token", "gateway_id": "gateway"}
        told = {
            "id": new_id(),
            "note_id": note_id,
            "channel": "email",
            "kind": "note",
            "cc": ["cc@example.org"],
        }
        text = {"address": "j.gross@example.org", "body_text": "Rückruf", "due_at": NOW, "created_at": NOW}
        await conn.execute(t.notification.insert(), told | text | keys)
        rung = {"id": new_id(), "call_id": call_id, "started_at": NOW, "number": "+493023125777"}
        await conn.execute(t.attempt.insert(), rung)
        customer = await customers.load_customer(conn, house.customer_id)
        assert customer
        subject = await erasing.caller(conn, customer, "+491713920042")
    rows = await erasing.collected(db, customer, subject, BOSS)
    (message,), (attempt,) = rows["messages"], rows["attempts"]
    assert message["body_text"] == "Rückruf"
    assert not message.keys() & {"address", "cc", "report_token", "gateway_id"}
    assert "number" not in attempt


async def test_the_link_to_a_log_in_is_not_handed_out(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        for kind in ("invitation", "password", "note"):
            told: dict[str, Any] = {"id": new_id(), "employee_id": house.jens, "channel": "email", "cc": []}
            text = {"address": "j.gross@example.org", "subject": kind, "body_text": f"{kind} https://link"}
            html = {"body_html": f"<p>{kind}</p>", "due_at": NOW, "created_at": NOW}
            await conn.execute(t.notification.insert(), told | text | html | {"kind": kind})
        customer = await customers.load_customer(conn, house.customer_id)
        person = customer.employee(house.jens) if customer else None
        assert customer
        assert person
        subject = await erasing.employee(conn, customer, person)
    rows = await erasing.collected(db, customer, subject, BOSS)
    said = {one["kind"]: (one["subject"], one["body_text"], one["body_html"]) for one in rows["messages"]}
    assert said["invitation"] == said["password"] == ("", "", "")
    assert said["note"] == ("note", "note https://link", "<p>note</p>")
