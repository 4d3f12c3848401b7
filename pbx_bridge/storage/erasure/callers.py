"""What a company keeps of one caller, by the number: calls with all that hangs on them, VIP entry, block."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, true

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_of
from pbx_bridge.storage.db.types import row_to_json
from pbx_bridge.storage.erasure import parts
from pbx_bridge.storage.erasure.parts import ErasurePart
from pbx_bridge.storage.erasure.traces import says_number
from rules.vocabulary import CallOutcome

Row = dict[str, Any]
LONGEST_CALL, NOTING = timedelta(days=1), timedelta(minutes=15)
"""A call without an end that is older was lost; a note that is not saved by then waits for nobody at the
desk."""
Kinds = Mapping[str, tuple[Table, ColumnElement[bool]]]
"""By kind the table, and which of its rows."""


@dataclass(frozen=True, slots=True)
class CallerData:
    """`number`: E.164; `spellings`: as it may stand in texts, digits only; `typed`: calls whose draft has
    it as the number to call back, however it is written there; `until`: calls that arrived later are not
    among them (aware, None: all are)."""

    customer_id: str
    number: str
    spellings: tuple[str, ...]
    typed: tuple[str, ...] = ()
    until: datetime | None = None

    def calls(self) -> Select[Any]:
        """Ids of calls from the number, and of those whose note or draft names it to be called back."""
        call, note = t.call.c, t.call_note.c
        mine = note.customer_id == self.customer_id
        noted = select(note.call_id).where(mine, note.callback_number == self.number)
        theirs = or_(call.caller_number == self.number, call.id.in_(noted), call.id.in_(self.typed))
        of_then = true() if self.until is None else call.arrived_at <= self.until
        return select(call.id).where(call.customer_id == self.customer_id, theirs, of_then)

    def rows(self) -> Kinds:
        """What is kept of them."""
        calls = self.calls()
        note, message = t.call_note.c, t.notification.c
        notes = select(note.id).where(note.call_id.in_(calls))
        messages = select(message.id).where(message.note_id.in_(notes))
        vip, blocked = t.vip_caller.c, t.blocked_caller.c
        return {
            "attempts": (t.attempt, t.attempt.c.call_id.in_(calls)),
            "drafts": (t.note_draft, t.note_draft.c.call_id.in_(calls)),
            "deliveries": (t.delivery_attempt, t.delivery_attempt.c.notification_id.in_(messages)),
            "messages": (t.notification, message.note_id.in_(notes)),
            "voices": (t.voice_message, t.voice_message.c.call_id.in_(calls)),
            "call_backs": (t.call_back, t.call_back.c.call_id.in_(calls)),
            "notes": (t.call_note, note.call_id.in_(calls)),
            "calls": (t.call, t.call.c.id.in_(calls)),
            "vips": (t.vip_caller, (vip.customer_id == self.customer_id) & (vip.pattern == self.number)),
            "blocked": (
                t.blocked_caller,
                (blocked.customer_id == self.customer_id) & (blocked.number == self.number),
            ),
        }

    def traces(self) -> Kinds:
        """Of no use to anybody: ways back, files on their way in, answers of the desk."""
        step, part = t.undo_step.c, t.undo_part.c
        steps = select(step.id).where(step.customer_id == self.customer_id)
        parts = select(part.step_id).where(part.step_id.in_(steps), says_number(part.diff, self.spellings))
        mine = step.customer_id == self.customer_id
        return {
            "undo": (t.undo_step, mine & (says_number(step.diff, self.spellings) | step.id.in_(parts))),
            "files": (t.import_job, t.import_job.c.customer_id == self.customer_id),
            "answers": (t.desk_command, says_number(t.desk_command.c.answer, self.spellings)),
        }


async def counts(conn: AsyncConnection, data: CallerData) -> dict[str, int]:
    """How many rows of each kind, those without any left out."""
    return await count_all(conn, {**data.rows(), **data.traces()})


async def typed(
    conn: AsyncConnection, customer_id: str, spellings: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Calls of the company whose draft may have one of these as the number to call back, and what it has."""
    call, draft = t.call.c, t.note_draft.c
    query = select(draft.call_id, draft.body).join(t.call, call.id == draft.call_id)
    rows = await conn.execute(
        query.where(call.customer_id == customer_id, says_number(draft.body, spellings))
    )
    return tuple((row.call_id, str(row.body.get("callback", ""))) for row in rows)


async def talking(conn: AsyncConnection, data: CallerData, now: datetime) -> bool:
    """Whether one of the calls is going on, or ended so lately that its note is being written."""
    call = t.call.c
    live = call.ended_at.is_(None) & (call.arrived_at > now - LONGEST_CALL)
    noting = (call.outcome == CallOutcome.OPEN.value) & (call.ended_at > now - NOTING)
    query = select(call.id).where(call.id.in_(data.calls()), live | noting)
    return (await conn.execute(query.limit(1))).first() is not None


def parts_of(data: CallerData) -> Iterator[ErasurePart]:
    """All of it; what hangs on a call goes with it. Attempts to reach them from another call stay, without
    their number."""
    rows = data.rows()
    for table, theirs in (*data.traces().values(), rows["vips"], rows["blocked"]):
        yield parts.deleting(table, theirs)
    yield parts.deleting(*rows["calls"], parts.CALLS_AT_ONCE)
    mine = t.attempt.c.call_id.in_(select(t.call.c.id).where(t.call.c.customer_id == data.customer_id))
    yield parts.setting(t.attempt, (t.attempt.c.number == data.number) & mine, {"number": ""})


async def collected(conn: AsyncConnection, data: CallerData) -> dict[str, list[Row]]:
    """All of it as rows, moments as text; for whoever asks what is kept of them: without keys, and without
    where others were reached."""
    found = await rows_of_all(conn, data.rows())
    return {
        kind: [without_columns(row, _NOT_THEIRS.get(kind, frozenset())) for row in rows]
        for kind, rows in found.items()
    }


def without_columns(row: Row, names: Container[str]) -> Row:
    """The row without these of its columns."""
    return {name: value for name, value in row.items() if name not in names}


_NOT_THEIRS = {
    "messages": frozenset({"address", "cc", "report_token", "gateway_id"}),
    "attempts": frozenset({"number"}),
}
"""By kind: whom else a message or a ring went to, and what lets somebody in at the gateway."""


async def count_all(conn: AsyncConnection, kinds: Kinds) -> dict[str, int]:
    """How many rows, without the kinds of which there are none."""
    found = {}
    for kind, (table, theirs) in kinds.items():
        count = (await conn.execute(select(func.count()).select_from(table).where(theirs))).scalar_one()
        found[kind] = int(count)
    return {kind: count for kind, count in found.items() if count}


async def rows_of_all(conn: AsyncConnection, kinds: Kinds) -> dict[str, list[Row]]:
    """The rows of each kind of which there are any."""
    found: dict[str, list[Row]] = {}
    for kind, (table, theirs) in kinds.items():
        if rows := [row_to_json(row._mapping) async for row in rows_of(conn, select(table).where(theirs))]:
            found[kind] = rows
    return found
