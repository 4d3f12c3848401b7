"""Every column of the database that holds a text is asked whether an employee who was erased still stands in
it: one that nobody thought of, and each one that is new, fails here until somebody has decided."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.editing import erasing
from pbx_bridge.editing.change import Editing
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.erasure.employees import INSTEAD, EmployeeData
from tests.planted import Planted, plant, texts
from tests.sample_company import NOW
from tests.unit.editing.test_erasing import BOSS

NAME = "Zeno Zwerg"
_OF_THE_HOUSE = "of the house, and of no company's employee"
_A_CODE = "a code, a key or a name that the program or the PBX has given"
_THE_COMPANY = "what the company is called, and calls itself"
_A_LOG_IN = "of the company's own log-in"

STAYS = {
    "access_log": "entries of their log-ins are emptied; what else they say is of the deed",
    "account": _A_LOG_IN,
    "agent": _OF_THE_HOUSE,
    "agent_phone": _OF_THE_HOUSE,
    "calendar_feed": _A_CODE,
    "calendar_source.url": "where a colleague's calendar lies; it is shown to nobody",
    "call.closed_reason": _A_CODE,
    "customer.default_email": _THE_COMPANY,
    "customer.greeting": _THE_COMPANY,
    "customer.name": _THE_COMPANY,
    "customer.spoken_name": _THE_COMPANY,
    "erasure": "the protocol",
    "house_day": _OF_THE_HOUSE,
    "house_step": _OF_THE_HOUSE,
    "invitation": _A_CODE,
    "known_device": _A_CODE,
    "login_throttle": _A_CODE,
    "nobody_free": _A_CODE,
    "note_field.key": "old notes have their answers under it",
    "recovery_code": _A_CODE,
    "session": _A_LOG_IN,
    "tariff": _OF_THE_HOUSE,
    "team": _OF_THE_HOUSE,
    "usage": _A_CODE,
}
"""By table, or by column, why what is read there stays."""
CODES = {
    "adjustment.done_by",
    "attempt.left_out",
    *(f"call.{one}" for one in ("called_by", "conversation", "ended_how", "forwarded_from", "pbx")),
    *(f"call.{one}" for one in ("pbx_call", "vip_id")),
    "call.unassigned_reason",
    *(f"call_back.{one}" for one in ("ring_call", "wish")),
    "call_note.conversation",
    *(f"employee.{one}" for one in ("name", "given_name", "family_name", "email")),
    "employee_cc.email",
    *(f"notification.{one}" for one in ("gateway_id", "message_id", "reason", "report_token")),
    "voice_message.recording",
}
"""Columns that hold what the program or the PBX has given, or a colleague's own name or address."""


async def works(db: Database, planted: Planted) -> EmployeeData:
    """Beside the colleague who is planted, and whose every text names them."""
    one = new_id()
    async with db.write() as conn:
        row = {"id": one, "customer_id": planted.id("customer"), "name": NAME}
        await conn.execute(t.employee.insert(), row | {"given_name": "Zeno", "family_name": "Zwerg"})
    return EmployeeData(planted.id("customer"), one, (NAME,), ())


async def test_an_employee_who_was_erased_stands_in_no_text_but_where_it_is_said(db: Database) -> None:
    planted = await plant(db, NAME, "+493023125077", NOW)
    subject = await works(db, planted)
    before = {name for name, some in (await texts(db)).items() if _named(some)}

    assert not isinstance(await erasing.erase(Editing(db), subject, BOSS), Refused)

    left = {name for name, some in (await texts(db)).items() if _named(some)}
    unsaid = {name for name in left if not {name, name.partition(".")[0]} & {*STAYS, *CODES}}
    assert " ".join(sorted(unsaid)) == ""
    assert {"call_note.concern", "note_field.label", "vip_caller.name", "text_block.name"} <= before - left
    needless = {name for name in {*STAYS, *CODES} if not {one for one in left if _is(one, name)}}
    assert " ".join(sorted(needless)) == "", "nobody has to explain these"


def _named(some: list[str]) -> bool:
    return any(NAME.lower() in one.lower() for one in some)


def _is(column: str, name: str) -> bool:
    return name in {column, column.partition(".")[0]}


async def test_where_agents_choose_there_is_something_to_choose(sqlite_db: Database) -> None:
    planted = await plant(sqlite_db, NAME, "+493023125077", NOW)
    subject = await works(sqlite_db, planted)
    field = {"customer_id": subject.customer_id, "kind": "choice", "label": "Für wen", "required": False}
    async with sqlite_db.write() as conn:
        for key, choices in (("two", [NAME, "Anna Keller"]), ("none", None)):
            await conn.execute(t.note_field.insert(), field | {"key": key, "place": 2, "choices": choices})

    await erasing.erase(Editing(sqlite_db), replace(subject, words=(NAME,)), BOSS)

    async with sqlite_db.read() as conn:
        found = {row.key: row.choices for row in await conn.execute(t.note_field.select())}
    assert found.pop("two") == ["Anna Keller"]
    assert found.pop("none") is None
    assert list(found.values()) == [[INSTEAD]], "the only choice"
