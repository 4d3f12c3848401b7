"""What a company has asked of its callers: set by the house, with its place in the access log.

Nothing is deleted: notes have answers to what was asked once, so a field is retired, and may come back. Only
the list itself is read: a company may have ten thousand employees.
"""

from __future__ import annotations

from collections.abc import Callable

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import HouseChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.editing import whole_companies
from pbx_bridge.storage.undo.undo import Reach
from rules.customers import asked_fields as rule
from rules.fault import Fault
from rules.model import NoteField

Fields = tuple[NoteField, ...]


async def add(change: Change, wanted: W) -> NoteField | Rejected[W]:
    """A new one is asked last. Raises NotFoundError."""
    await change.check_company()
    before = await customers.note_fields(change.conn, change.customer_id, to_change=True)
    read = rule.read_field(wanted.values, before, None)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    detail = f"> {rule.in_words(read)}"
    await _store(change, HouseChangeCode.NOTE_FIELD_ADDED, before, rule.with_field(before, read), detail)
    return read


async def save(change: Change, key: str, values: Callable[[NoteField], W]) -> NoteField | Rejected[W]:
    """One as it is to be; `values`: the texts wanted, over those stored. Raises NotFoundError."""
    before, stored = await _found(change, key)
    wanted = values(stored)
    read = rule.read_field(wanted.values, before, stored)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    detail = f"{rule.in_words(stored)} > {rule.in_words(read)}"
    await _store(change, HouseChangeCode.NOTE_FIELD_SAVED, before, rule.with_field(before, read), detail)
    return read


async def move(change: Change, key: str, *, up: bool) -> None:
    """One place up or down. Raises NotFoundError."""
    before, stored = await _found(change, key)
    detail = f"{stored.label} {'↑' if up else '↓'}"
    await _store(change, HouseChangeCode.NOTE_FIELD_MOVED, before, rule.moved(before, key, up=up), detail)


async def retire(change: Change, key: str) -> None:
    """It is asked no more; the answers in notes stay. Raises NotFoundError."""
    before, stored = await _found(change, key)
    detail = f"{rule.in_words(stored)} >"
    await _store(change, HouseChangeCode.NOTE_FIELD_RETIRED, before, rule.retired(before, key), detail)


async def bring_back(change: Change, key: str) -> Fault | None:
    """It is asked again, after all others; or why it cannot be. Raises NotFoundError."""
    before, stored = await _found(change, key)
    after = rule.brought_back(before, key)
    if isinstance(after, Fault):
        return after
    await _store(change, HouseChangeCode.NOTE_FIELD_BACK, before, after, f"> {rule.in_words(stored)}")
    return None


async def _found(change: Change, key: str) -> tuple[Fields, NoteField]:
    fields = await customers.note_fields(change.conn, change.customer_id, to_change=True)
    found = next((one for one in fields if one.key == key), None)
    if found is None:
        raise NotFoundError
    return fields, found


async def _store(change: Change, code: HouseChangeCode, before: Fields, after: Fields, detail: str) -> None:
    change.code = code
    if after == before:
        return
    await change.record(code, Reach(note_fields=True))
    await whole_companies.set_note_fields(change.conn, change.customer_id, after)
    who, event = change.editor, AccessEvent.NOTE_FIELDS_CHANGED
    told = f"{await customers.name(change.conn, change.customer_id)} · {detail}"
    await access_log.write_all(change.conn, event, [who.login], change.now, who.where, detail=told)
    change.logged = True
