"""What a company keeps of one of its employees: the record with all that hangs on it, what was sent to them,
and every text of the company that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import untold
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.erasure import parts
from pbx_bridge.storage.erasure.callers import Kinds, Row, count_all, rows_of_all, without_columns
from pbx_bridge.storage.erasure.parts import ErasurePart, Keys
from pbx_bridge.storage.erasure.traces import as_in_html, is_one_of, says, says_number, without
from pbx_bridge.storage.outbox.notifications import PASSING, State

INSTEAD = "[…]"
"""Stands where a text named them."""
SETTLED = (State.SENT.value, State.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class EmployeeData:
    """`words`: name in each order, addresses; `spellings`: of their numbers, digits only but for a leading +;
    `logins`: theirs, as people call them."""

    customer_id: str
    employee_id: str
    words: tuple[str, ...]
    spellings: tuple[str, ...]
    logins: tuple[str, ...] = ()

    def rows(self) -> Kinds:
        """The record and what hangs on it; notes to them are the callers' data, and not among it."""
        me, source = self.employee_id, t.calendar_source.c
        sources = select(source.id).where(source.employee_id == me)
        accounts = select(t.account.c.id).where(t.account.c.employee_id == me)
        return {
            "employee": (t.employee, t.employee.c.id == me),
            "ccs": (t.employee_cc, t.employee_cc.c.employee_id == me),
            "appointments": (t.appointment, t.appointment.c.employee_id == me),
            "calendars": (t.calendar_source, source.employee_id == me),
            "calendar_events": (t.calendar_event, t.calendar_event.c.source_id.in_(sources)),
            "vips": (t.vip_caller, t.vip_caller.c.employee_id == me),
            "log_ins": (t.account, t.account.c.employee_id == me),
            "sessions": (t.session, t.session.c.account_id.in_(accounts)),
            "recipient": (t.note_recipient, t.note_recipient.c.employee_id == me),
            "messages": (t.notification, self.to_them()),
            "news": (t.company_change, self._news()),
        }

    def traces(self) -> Kinds:
        """Of no use to anybody: ways back, files on their way in, answers of the desk; and their address
        among colleagues' copies, which would go on bringing them notes."""
        step, part = t.undo_step.c, t.undo_part.c
        mine = step.customer_id == self.customer_id
        parts = select(part.step_id).where(
            part.step_id.in_(select(step.id).where(mine)), self._named(part.diff)
        )
        return {
            "undo": (t.undo_step, mine & (self._named(step.diff) | step.id.in_(parts))),
            "files": (t.import_job, t.import_job.c.customer_id == self.customer_id),
            "answers": (t.desk_command, self._named(t.desk_command.c.answer)),
            "copies": (t.employee_cc, self._copies()),
        }

    def texts(self) -> Iterator[tuple[Table, ColumnElement[bool], tuple[str, ...]]]:
        """Texts of the company that name them: which columns of which rows."""
        mine, me = self.customer_id, self.employee_id
        people = select(t.employee.c.id).where(t.employee.c.customer_id == mine, t.employee.c.id != me)
        calls = select(t.call.c.id).where(t.call.c.customer_id == mine)
        messages = select(t.notification.c.id).where(self._of_company())
        sources = select(t.calendar_source.c.id).where(t.calendar_source.c.employee_id.in_(people))
        for table, theirs, columns in (
            (t.call_note, t.call_note.c.customer_id == mine, _NOTE),
            (t.note_draft, t.note_draft.c.call_id.in_(calls), ("body",)),
            (t.notification, self._of_company(), _MESSAGE),
            (t.delivery_attempt, t.delivery_attempt.c.notification_id.in_(messages), ("detail",)),
            (t.call, t.call.c.customer_id == mine, ("caller_name",)),
            (t.call_back, t.call_back.c.call_id.in_(calls), ("reason",)),
            (t.customer, t.customer.c.id == mine, ("instruction",)),
            (t.employee, t.employee.c.id.in_(people), ("position", "responsibility", "absence_info")),
            (t.appointment, t.appointment.c.employee_id.in_(people), ("text",)),
            (t.calendar_event, t.calendar_event.c.source_id.in_(sources), ("text",)),
            (t.vip_caller, t.vip_caller.c.customer_id == mine, ("name", "info")),
            (t.faq_entry, t.faq_entry.c.customer_id == mine, ("question", "answer")),
            (t.text_block, t.text_block.c.customer_id == mine, ("name", "text")),
            (t.note_field, t.note_field.c.customer_id == mine, ("label", "choices", "help")),
            (t.blocked_caller, t.blocked_caller.c.customer_id == mine, ("remark",)),
            (t.adjustment, t.adjustment.c.customer_id == mine, ("text",)),
        ):
            named = or_(*(says(table.c[name], as_in_html(self.words)) for name in columns))
            yield table, theirs & named, columns

    def _named(self, column: Any) -> ColumnElement[bool]:
        numbers = says_number(column, self.spellings) if self.spellings else false()
        return says(column, (self.employee_id, *self.words)) | numbers

    def _copies(self) -> ColumnElement[bool]:
        c, mine, me = t.employee_cc.c, t.employee.c.customer_id == self.customer_id, self.employee_id
        colleagues = select(t.employee.c.id).where(mine, t.employee.c.id != me)
        return c.employee_id.in_(colleagues) & is_one_of(c.email, self.words)

    def to_them(self) -> ColumnElement[bool]:
        """Messages that were, or are to be, sent to them."""
        c = t.notification.c
        accounts = select(t.account.c.id).where(t.account.c.employee_id == self.employee_id)
        addressed = is_one_of(c.address, (*self.words, *self.spellings))
        return or_(
            c.employee_id == self.employee_id, c.account_id.in_(accounts), self._of_company() & addressed
        )

    def _of_company(self) -> ColumnElement[bool]:
        """Messages, by what has an index: their notes, or the log-ins that they are for."""
        c, note, account = t.notification.c, t.call_note.c, t.account.c
        notes = select(note.id).where(note.customer_id == self.customer_id)
        accounts = select(account.id).where(account.customer_id == self.customer_id)
        return c.note_id.in_(notes) | c.account_id.in_(accounts)

    def _news(self) -> ColumnElement[bool]:
        c = t.company_change.c
        return (c.customer_id == self.customer_id) & (
            (c.employee_id == self.employee_id) | self._named(c.news)
        )


_NOTE = ("caller_name", "caller_company", "concern", "fields", "message_to_caller")
_MESSAGE = ("cc", "subject", "body_text", "body_html")


async def counts(conn: AsyncConnection, data: EmployeeData) -> dict[str, int]:
    """How many rows of each kind, those without any left out; `texts`: others that name them."""
    found = await count_all(conn, {**data.rows(), **data.traces()})
    named = 0
    for table, theirs, _ in data.texts():
        named += sum((await count_all(conn, {"": (table, theirs)})).values())
    return found | ({"texts": named} if named else {})


async def collected(conn: AsyncConnection, data: EmployeeData) -> dict[str, list[Row]]:
    """The record and what hangs on it as rows, moments as text, without secrets."""
    found = await rows_of_all(conn, data.rows())
    return {kind: [_open(row) for row in rows] for kind, rows in found.items()}


def _open(row: Row) -> Row:
    row = without_columns(row, _SECRET)
    return row | _UNSAID if row.get("kind") in _PASSING else row


_PASSING = frozenset(kind.value for kind in PASSING)
_UNSAID = {"subject": "", "body_text": "", "body_html": ""}
"""One that still waits would give away the link to their log-in."""
_SECRET = frozenset({"password_hash", "token_hash", "csrf", "holder", "url", "report_token", "gateway_id"})


def parts_of(data: EmployeeData) -> Iterator[ErasurePart]:
    """All but the record itself, which takes the rest along (`delete_record`): all of which there may be
    much. What was sent to them stays as a fact without a word, what was to be sent is not."""
    rows, message = data.rows(), t.notification
    many = [rows[kind] for kind in ("news", "recipient", "calendar_events", "appointments", "vips")]
    for table, theirs in (*data.traces().values(), *many):
        yield parts.deleting(table, theirs)
    yield ErasurePart(message, data.to_them() & message.c.state.not_in(SETTLED), _unsend)
    told = (message.c.address != "") | message.c.employee_id.is_not(None)
    yield parts.setting(message, data.to_them() & message.c.state.in_(SETTLED) & told, NOTHING)
    for table, theirs, columns in data.texts():
        yield ErasurePart(table, theirs, partial(take_out, table, columns, data.words))


async def _unsend(conn: AsyncConnection, keys: Keys) -> None:
    """These are not sent any more. A call of whose notes nothing else tells is told to nobody from now on,
    and stands where a person sees it."""
    ids, note = [key for (key,) in keys], t.call_note.c
    of_notes = select(note.call_id).join(t.notification, t.notification.c.note_id == note.id)
    calls = (await conn.execute(of_notes.where(t.notification.c.id.in_(ids)))).scalars().all()
    await parts.delete(conn, t.notification, keys)
    await conn.execute(t.call.update().where(t.call.c.id.in_(calls), untold()).values(untold=True))


NOTHING: Mapping[str, Any] = MappingProxyType(
    {"address": "", "cc": [], "subject": "", "body_text": "", "body_html": "", "employee_id": None}
)


async def take_out(
    table: Table, columns: Sequence[str], words: tuple[str, ...], conn: AsyncConnection, keys: Keys
) -> None:
    """`INSTEAD` for each of the words in these columns of these rows, as they are by now."""
    for row in await parts.rows(conn, table, keys):
        values = {name: _without(getattr(row, name), words) for name in columns}
        if values.get("choices") == [] and row.choices:  # where agents choose, there is something to choose
            values["choices"] = [INSTEAD]
        await parts.change(conn, table, [tuple(getattr(row, one.name) for one in table.primary_key)], values)


async def delete_record(conn: AsyncConnection, data: EmployeeData) -> None:
    """With all that is left of what hangs on it."""
    await conn.execute(t.employee.delete().where(t.employee.c.id == data.employee_id))


def _without(value: Any, words: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return without(value, words, INSTEAD)
    if isinstance(value, Mapping):
        return {name: _without(one, words) for name, one in value.items()}
    if isinstance(value, list):  # of addresses, in a message's CC, or of what may be chosen: theirs goes
        theirs = {one.casefold() for one in words}
        return [_without(one, words) for one in value if one.casefold() not in theirs]
    return value
