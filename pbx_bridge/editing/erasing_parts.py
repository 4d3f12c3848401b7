"""One caller, or one employee, is erased part by part: each is a transaction of its own, and short.

A part finds what is left by reading, so whatever was broken off in the middle goes on by beginning anew; what
is gone already is not found any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.storage.erasure import callers, employees, parts
from pbx_bridge.storage.erasure.callers import CallerData
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.erasure.parts import ErasurePart

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
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    if "employee_id" in values:
        return EmployeeData(**values)
    return replace(CallerData(**values), until=at)


async def erase(editing: Editing, subject: Subject, who: Editor) -> None:
    """All but what ends with the last part: the record of an employee."""
    of = callers.parts_of(subject) if isinstance(subject, CallerData) else employees.parts_of(subject)
    for part in of:
        await _done(editing, subject, who, part)


async def _done(editing: Editing, subject: Subject, who: Editor, part: ErasurePart) -> None:
    for _ in range(ROUNDS):
        async with editing.db.read() as conn:
            keys = await part.left(conn)
        if not keys:
            return
        for some in parts.some_of(keys, part.at_once):
            async with editing.change(subject.customer_id, who) as change:
                await part.deed(change.conn, some)
