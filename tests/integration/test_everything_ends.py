"""A mark is planted in every text of every table; when its time is over it is nowhere but in what companies
and the operator keep themselves. On both databases, in each state in which a row can be left behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import AuthSettings, RetentionSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.storage.outbox.notifications import State
from rules.model import MessageKind
from tests.planted import NOT_PLANTED, Planted, plant, texts

PLANTED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MARK, NUMBER = "Marke", "+493088882222"
THEIR_OWN = {
    "tariff": "what the operator offers",
    "customer": "a company's own data, which it changes and deletes itself",
    "line": "a number of ours",
    "public_number": "a company's own data",
    "employee": "the same",
    "employee_cc": "the same",
    "vip_caller": "the same: whom it wants to be greeted",
    "blocked_caller": "the same: whom it wants to be turned away, until it takes that back",
    "faq_entry": "the same",
    "nobody_free": "the same",
    "note_field": "the same",
    "house_day": "of the secretariat: a holiday, which names nobody",
    "text_block": "the same",
    "calendar_feed": "an address that it opened, until it closes it",
    "calendar_source": "an address that it typed",
    "account": "a log-in, until somebody deletes it",
    "agent": "the same",
    "agent_phone": "of an agent, until it is taken away",
    "team": "of the secretariat, until somebody deletes it",
    "team_member": "as long as team and agent",
    "second_factor": "part of a log-in",
    "recovery_code": "the same",
    "tariff_terms": "what the operator asks for it",
    "former_tariff": "which tariff a company had",
    "coming_tariff": "which one it will have",
    "contract_gap": "when it had no contract",
    "allowance": "how much of it a company has used: counts only",
    "pause_reason": "why agents of this house pause, without who",
    "usage": "what is billed: how many, for whom; its key names no caller",
    "company_retention": "how long its data stay",
    "erasure": "the proof of what was erased: it names nobody of whom it was",
    "adjustment": "a line of a statement, as the operator wrote it",
}
"""Kept as long as their owner keeps them."""
DAYS = {
    "call": 90, "call_time": 90, "call_offer": 90, "call_back": 90, "alarm": 90, "attempt": 90,
    "call_note": 90, "note_recipient": 90, "access_log": 90,
    "notification": 90, "delivery_attempt": 90, "voice_message": 90, "note_draft": 400, "undo_step": 1,
    "undo_part": 1, "house_step": 1, "import_job": 1, "desk_command": 1, "company_change": 14, "session": 1,
    "known_device": 180,
    "login_throttle": 2, "invitation": 7, "appointment": 365, "calendar_event": 365,
}  # fmt: skip
"""After so many days at the latest, where all went well."""
NO_NOTE: dict[str, Any] = {
    "voice_message": None,
    "note_recipient": None,
    "delivery_attempt": None,
    "notification": None,
}
NO_DRAFT: dict[str, Any] = {"note_draft": None}
NOBODYS: dict[str, Any] = {"customer_id": None}
MAILS = (MessageKind.INVITATION, MessageKind.PASSWORD, MessageKind.SECURITY)


def _mail(kind: MessageKind, state: State) -> dict[str, Any]:
    of_whom = {"note_id": None, "account_id": "account"}
    return {"notification": of_whom | {"kind": kind.value, "state": state.value}} | NO_DRAFT


OUTCOMES = ("open", "noted", "closed", "abandoned", "lost", "blocked")
LEFT: dict[str, Mapping[str, Any]] = {
    "all went well": NO_DRAFT,
    "with a draft": {},
    "on a line of nobody": {"call": NOBODYS, "call_note": NOBODYS, "notification": NOBODYS} | NO_DRAFT,
    **{f"message {state}": {"notification": {"state": state.value}} | NO_DRAFT for state in State},
    **{
        f"call {one} without a note": {"call": {"outcome": one}, "call_note": None} | NO_NOTE | NO_DRAFT
        for one in OUTCOMES
    },
    "call open with a draft": NO_NOTE | {"call": {"outcome": "open"}, "call_note": None},
    "call open with its note": {"call": {"outcome": "open"}},
    **{f"mail {kind} {state}": _mail(kind, state) for kind in MAILS for state in State},
    "mail of nobody any more": {"notification": {"note_id": None}} | NO_DRAFT,
}
"""Other values of rows, by table; None: no row."""


def test_every_table_has_an_end_or_a_reason() -> None:
    known = {table.name for table in tables.metadata.sorted_tables} - NOT_PLANTED
    assert THEIR_OWN.keys() | DAYS.keys() == known
    assert not THEIR_OWN.keys() & DAYS.keys()


@pytest.mark.parametrize("left", LEFT)
async def test_nothing_stays_for_ever(db: Database, left: str) -> None:
    planted = await plant(db, MARK, NUMBER, PLANTED_AT)
    await _leave(db, planted, LEFT[left])
    await _later(db, 402)
    assert await _marked(db) <= THEIR_OWN.keys()


@pytest.mark.parametrize("table", DAYS)
async def test_what_went_well_ends_in_its_own_time(db: Database, table: str) -> None:
    planted = await plant(db, MARK, NUMBER, PLANTED_AT)
    await _leave(db, planted, {} if table == "note_draft" else {"note_draft": None})
    assert table in await _tables(db)
    await _later(db, DAYS[table] + 1)
    assert table not in await _marked(db)


async def test_nothing_ends_before_its_time(db: Database) -> None:
    planted = await plant(db, MARK, NUMBER, PLANTED_AT)
    await _leave(db, planted, {"note_draft": None})
    await _later(db, 6)
    assert await _marked(db) >= {"call", "call_note", "notification", "access_log", "appointment"}
    await _later(db, 89)
    assert await _marked(db) >= {"call", "call_note", "access_log", "appointment"}


async def _leave(db: Database, planted: Planted, state: Mapping[str, Any]) -> None:
    """Rows as something left them."""
    async with db.write() as conn:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name in state and state[table.name] is None:
                await conn.execute(table.delete())
        for name, values in state.items():
            if values is not None:
                account = planted.id("account")
                real = {key: account if one == "account" else one for key, one in values.items()}
                await conn.execute(tables.metadata.tables[name].update().values(real))


async def _later(db: Database, days: float) -> None:
    """Rounds until all is done that is to be done at that moment."""
    now = PLANTED_AT + timedelta(days=days)
    sessions = Sessions(db, AuthSettings(), lambda: now)
    for _ in range(3):
        await Retention(db, RetentionSettings(), lambda: now, also=sessions.sweep).round()


async def _marked(db: Database) -> set[str]:
    """Tables that hold the mark, or the number."""
    planted = Planted(MARK, NUMBER, {})
    found = await texts(db)
    return {name.partition(".")[0] for name, all_ in found.items() if any(map(planted.is_in, all_))}


async def _tables(db: Database) -> set[str]:
    """Tables that hold anything."""
    return {name.partition(".")[0] for name in await texts(db)}
