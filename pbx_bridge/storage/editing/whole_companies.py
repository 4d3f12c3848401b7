"""Companies, tariffs and lines found by their names and numbers, and lists as a whole: what is the same
already keeps its id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Appointment, Customer, FaqEntry, NoteField, Tariff, TextBlock, VipCaller

_Row = dict[str, Any]


async def put_tariff(conn: AsyncConnection, tariff: Tariff) -> str:
    """Make it, or change the one of this name; returns its id. Prices are apart: `billing`."""
    values = {name: getattr(tariff, name) for name in ("put_through", "sms_parts")}
    return await _put(conn, t.tariff, t.tariff.c.name == tariff.name, {"name": tariff.name} | values)


async def put_company(conn: AsyncConnection, customer: Customer) -> str:
    """Make it, or change the one of this name: what it has once, not its lists; returns its id."""
    values = {"name": customer.name, "tariff_id": customer.tariff.id} | row_of(CUSTOMER, customer)
    return await _put(conn, t.customer, t.customer.c.name == customer.name, values)


async def put_line(
    conn: AsyncConnection,
    number: str,
    region: str,
    customer_id: str | None,
    at: datetime,
    *,
    keep_region: bool = False,
) -> None:
    """Make the line, or give it to this company (None: shared). `keep_region`: of a line that is there, how
    it reads numbers is left as it is."""
    line, same = t.line.c, t.line.c.number == number
    there = (await conn.execute(select(line.customer_id, line.shared).where(same))).one_or_none()
    values: _Row = {"number": number, "customer_id": customer_id, "shared": customer_id is None}
    if there is None or (there.customer_id, there.shared) != (customer_id, customer_id is None):
        values["since"] = at
    await _put(conn, t.line, same, values if there and keep_region else values | {"region": region})


async def set_public_numbers(conn: AsyncConnection, customer_id: str, numbers: Collection[str]) -> None:
    """These and no others; one that was another company's is this one's from now on."""
    mine = (t.public_number.c.customer_id == customer_id) | t.public_number.c.number.in_(numbers)
    await conn.execute(delete(t.public_number).where(mine))
    rows = [{"number": number, "customer_id": customer_id} for number in numbers]
    await insert_all(conn, t.public_number, rows)


async def set_vips(
    conn: AsyncConnection, customer_id: str, employee_id: str | None, vips: Sequence[VipCaller]
) -> None:
    """Those of the employee, or of the company itself (None), are these and no others."""
    mine = {"customer_id": customer_id, "employee_id": employee_id}
    await _set_list(conn, t.vip_caller, mine, [row_of(VIP_CALLER, vip) | mine for vip in vips])


async def set_faq(conn: AsyncConnection, customer_id: str, entries: Sequence[FaqEntry]) -> None:
    """These and no others, in this order."""
    rows = [
        {"place": place, "question": one.question, "answer": one.answer}
        for place, one in enumerate(entries, 1)
    ]
    await _set_list(conn, t.faq_entry, {"customer_id": customer_id}, rows)


async def set_text_blocks(conn: AsyncConnection, customer_id: str, blocks: Sequence[TextBlock]) -> None:
    """These and no others, in this order."""
    rows = [{"place": place, "name": one.name, "text": one.text} for place, one in enumerate(blocks, 1)]
    await _set_list(conn, t.text_block, {"customer_id": customer_id}, rows)


async def set_note_fields(conn: AsyncConnection, customer_id: str, fields: Sequence[NoteField]) -> None:
    """These and no others, in this order."""
    await conn.execute(delete(t.note_field).where(t.note_field.c.customer_id == customer_id))
    rows = [
        {
            "customer_id": customer_id,
            "key": field.key,
            "place": place,
            "label": field.label,
            "kind": field.kind.value,
            "required": field.required,
            "choices": list(field.choices) or None,
            "help": field.help,
            "retired": field.retired,
        }
        for place, field in enumerate(fields, start=1)
    ]
    await insert_all(conn, t.note_field, rows)


async def set_appointments(
    conn: AsyncConnection, employee_id: str, appointments: Sequence[Appointment]
) -> None:
    """Those of the employee's own are these and no others; what a calendar elsewhere brought stays."""
    rows = [row_of(APPOINTMENT, one) for one in appointments]
    await _set_list(conn, t.appointment, {"employee_id": employee_id}, rows)


async def _put(conn: AsyncConnection, table: Table, same: ColumnElement[bool], values: _Row) -> str:
    """Update the row with this natural key, or insert one; returns its id."""
    found = (await conn.execute(select(table.c.id).where(same))).scalar_one_or_none()
    if found is None:
        found = new_id()
        await conn.execute(table.insert().values(values | {"id": found}))
    else:
        await conn.execute(table.update().where(table.c.id == found).values(values))
    return str(found)


async def _set_list(conn: AsyncConnection, table: Table, owner: _Row, wanted: Sequence[_Row]) -> None:
    """Make the owner's rows be exactly these. A row that is the same already keeps its id, so that whoever
    looks at it does not lose it; of several that are the same, each keeps one."""
    mine = and_(*(table.c[column] == value for column, value in owner.items()))
    stored = (await conn.execute(select(table).where(mine))).mappings().all()
    left = [dict(row) for row in stored]
    new = []
    for values in wanted:
        same = next((row for row in left if values.items() <= row.items()), None)
        if same is None:
            new.append(owner | values | {"id": new_id()})
        else:
            left.remove(same)
    if left:
        await conn.execute(delete(table).where(table.c.id.in_([row["id"] for row in left])))
    await insert_all(conn, table, new)
