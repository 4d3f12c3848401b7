"""One caller, or one employee, is erased part by part: each is a transaction of its own, and short.

A part finds what is left by reading, so whatever was broken off in the middle goes on by beginning anew; what
is gone already is not found any more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table

from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.erasure import callers, employees, parts
from pbx_bridge.storage.erasure.callers import CallerData
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.erasure.parts import Keys

Subject = CallerData | EmployeeData
ROUNDS = 3
"""What is written of them while it goes on is found by the next round; who is written of without end is not
waited for."""


def in_words(subject: Subject) -> dict[str, Any]:
    """As JSON may have it, for the protocol while it goes on."""
    said = {name: value for name, value in asdict(subject).items() if name != "until"}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def of_words(said: Mapping[str, Any], at: datetime) -> Subject:
    """The same back. `at`: when it began; who calls later is not among them."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    if "employee_id" in values:
        return EmployeeData(**values)
    return replace(CallerData(**values), until=at)


async def erase(editing: Editing, subject: Subject, who: Editor) -> None:
    """All but what ends with the last part: the record of an employee."""
    if isinstance(subject, CallerData):
        for kind, (table, which) in callers.roots(subject).items():
            at_once = parts.CALLS_AT_ONCE if kind == "calls" else parts.AT_ONCE
            await _each(editing, subject, who, table, which, _deleting(table), at_once)
        outside, nothing = callers.reached_outside(subject), _setting(t.attempt, {"number": ""})
        await _each(editing, subject, who, t.attempt, outside, nothing)
        return
    for table, which in employees.roots(subject).values():
        await _each(editing, subject, who, table, which, _deleting(table))
    settled, empty = employees.settled_messages(subject), _setting(t.notification, employees.NOTHING)
    await _each(editing, subject, who, t.notification, settled, empty)
    for table, which, columns in subject.texts():
        await _each(editing, subject, who, table, which, _taking_out(table, columns, subject.words))


_Deed = Callable[[AsyncConnection, Keys], Awaitable[None]]


def _deleting(table: Table) -> _Deed:
    return lambda conn, keys: parts.delete(conn, table, keys)


def _setting(table: Table, values: Mapping[str, Any]) -> _Deed:
    return lambda conn, keys: parts.change(conn, table, keys, values)


def _taking_out(table: Table, columns: tuple[str, ...], words: tuple[str, ...]) -> _Deed:
    return lambda conn, keys: employees.take_out(conn, table, keys, columns, words)


async def _each(
    editing: Editing,
    subject: Subject,
    who: Editor,
    table: Table,
    which: ColumnElement[bool],
    deed: _Deed,
    at_once: int = parts.AT_ONCE,
) -> None:
    for _ in range(ROUNDS):
        async with editing.db.read() as conn:
            keys = await parts.keys_of(conn, table, which)
        if not keys:
            return
        for some in parts.some_of(keys, at_once):
            async with editing.change(subject.customer_id, who) as change:
                await deed(change.conn, some)
