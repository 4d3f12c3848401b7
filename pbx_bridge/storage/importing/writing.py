"""Putting a document into the tables: what has the same natural key is updated, and keeps its id."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import account_changes, accounts, agents
from pbx_bridge.storage.access.access_log import IMPORT
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import customers, data_version, lines
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import blocked_callers
from pbx_bridge.storage.editing import employees as employee_rows
from pbx_bridge.storage.importing.document import Document
from pbx_bridge.storage.importing.people import Person
from pbx_bridge.storage.importing.stored import Stored
from pbx_bridge.storage.importing.values import person_key
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Customer, Employee, Line

Row = dict[str, Any]
Lists = Collection[tuple[str, str]]


async def write_document(
    conn: AsyncConnection, document: Document, hashes: Mapping[str, str], now: datetime
) -> tuple[str, ...]:
    """Store it; `hashes`: password hash by login. Returns the names of the companies that are different
    now."""
    before = {customer.name: customer for customer in await customers.load_all(conn)}
    for tariff in document.tariffs:
        values = {name: getattr(tariff, name) for name in ("put_through", "sms_price_micros", "sms_parts")}
        await _by_name(conn, t.tariff, t.tariff.c.name == tariff.name, {"name": tariff.name} | values)
    tariffs = {tariff.name: tariff.id for tariff in await customers.load_tariffs(conn)}
    for line in document.shared_lines:
        await _line(conn, line.number, line.region, None)
    owned = {line.number: line for line in await lines.load_all(conn)}
    for customer in document.customers:
        old = before.get(customer.name)
        lists = document.lists[customer.name]
        if Stored(old).is_already(customer, lists) and _lines_are(document, customer, old, owned):
            continue
        customer_id = await _customer(conn, customer, old, tariffs[customer.tariff.name], lists)
        await _blocked(conn, customer_id, customer, now)
        for number in document.lines[customer.name]:
            await _line(
                conn, number, customer.region, customer_id, keep_region=not document.regions[customer.name]
            )
    after = {customer.name: customer for customer in await customers.load_all(conn)}
    for person in document.people:
        await _person(conn, person, hashes.get(person.login, ""), after, now)
    different = [customer for customer in after.values() if before.get(customer.name) != customer]
    await data_version.touch_all(conn, [customer.id for customer in different], now)
    return tuple(customer.name for customer in different)


def _lines_are(
    document: Document, customer: Customer, old: Customer | None, owned: Mapping[str, Line]
) -> bool:
    """Whether all lines of the company are its own already, and read numbers as the file says."""
    found = [owned.get(number) for number in document.lines[customer.name]]
    decides = document.regions[customer.name]
    return old is not None and all(
        line is not None and line.customer_id == old.id and (line.region == customer.region or not decides)
        for line in found
    )


async def _customer(
    conn: AsyncConnection, customer: Customer, old: Customer | None, tariff_id: str, lists: Lists
) -> str:
    values = {"name": customer.name, "tariff_id": tariff_id} | row_of(CUSTOMER, customer)
    customer_id = await _by_name(conn, t.customer, t.customer.c.name == customer.name, values)
    ids = await _employees(conn, customer_id, customer.employees, old, lists)
    if ("", "public_numbers") in lists:
        await _public_numbers(conn, customer_id, customer)
    for key in [key for key, name in lists if name == "vip"]:
        mine = {"customer_id": customer_id, "employee_id": ids[key] if key else None}
        vips = [vip for vip in customer.vip_callers if (vip.employee_id or "") == key]
        rows = [row_of(VIP_CALLER, vip) | mine for vip in vips]
        await _set_list(conn, t.vip_caller, mine, rows)
    if ("", "faq") in lists:
        faq = [
            {"place": place, "question": entry.question, "answer": entry.answer}
            for place, entry in enumerate(customer.faq, start=1)
        ]
        await _set_list(conn, t.faq_entry, {"customer_id": customer_id}, faq)
    if ("", "text_block") in lists:
        blocks = [
            {"place": place, "name": one.name, "text": one.text}
            for place, one in enumerate(customer.text_blocks, start=1)
        ]
        await _set_list(conn, t.text_block, {"customer_id": customer_id}, blocks)
    if ("", "note_field") in lists:
        await _note_fields(conn, customer_id, customer)
    return customer_id


async def _public_numbers(conn: AsyncConnection, customer_id: str, customer: Customer) -> None:
    c = t.public_number.c
    mine = (c.customer_id == customer_id) | c.number.in_(customer.public_numbers)
    await conn.execute(delete(t.public_number).where(mine))
    numbers = [{"number": number, "customer_id": customer_id} for number in customer.public_numbers]
    await insert_all(conn, t.public_number, numbers)


async def _note_fields(conn: AsyncConnection, customer_id: str, customer: Customer) -> None:
    await conn.execute(delete(t.note_field).where(t.note_field.c.customer_id == customer_id))
    fields = [
        {
            "customer_id": customer_id,
            "key": field.key,
            "place": place,
            "label": field.label,
            "kind": field.kind.value,
            "required": field.required,
            "choices": list(field.choices) or None,
        }
        for place, field in enumerate(customer.note_fields, start=1)
    ]
    await insert_all(conn, t.note_field, fields)


async def _blocked(conn: AsyncConnection, customer_id: str, customer: Customer, now: datetime) -> None:
    """Who is in the file is blocked; whom agents and the company itself blocked meanwhile stays so."""
    mine = t.blocked_caller.c.customer_id == customer_id
    for one in customer.blocked:
        told = {"reason": one.reason.value, "remark": one.remark}
        caller = replace(one, id=new_id())
        if not await blocked_callers.insert(conn, customer_id, caller, None, now):
            same = mine & (t.blocked_caller.c.number == one.number)
            await conn.execute(t.blocked_caller.update().where(same).values(told))


async def _employees(
    conn: AsyncConnection,
    customer_id: str,
    employees: Sequence[Employee],
    old: Customer | None,
    lists: Lists,
) -> dict[str, str]:
    """Ids by `person_key`. Who is not in the file stays."""
    known = {person_key(employee.name): employee.id for employee in (old.employees if old else ())}
    ids = known | {employee.id: known.get(employee.id) or new_id() for employee in employees}
    people = [
        replace(one, id=ids[one.id], deputy_id=ids[one.deputy_id] if one.deputy_id else None)
        for one in employees
    ]
    # All of them in rounds: deputies come when everybody has an id.
    there = set(known.values())
    await employee_rows.insert(conn, customer_id, [one for one in people if one.id not in there])
    await employee_rows.update(conn, customer_id, [one for one in people if one.id in there])
    for employee in employees:
        if (employee.id, "appointment") in lists:
            appointments = [row_of(APPOINTMENT, appointment) for appointment in employee.appointments]
            await _set_list(conn, t.appointment, {"employee_id": ids[employee.id]}, appointments)
    return ids


async def _person(
    conn: AsyncConnection,
    person: Person,
    password_hash: str,
    companies: Mapping[str, Customer],
    now: datetime,
) -> None:
    company = companies.get(person.customer)
    colleagues = {
        person_key(employee.name): employee.id for employee in (company.employees if company else ())
    }
    account = Account(
        id="",
        login=person.login,
        role=person.role,
        locale=person.locale,
        customer_id=company.id if company else None,
        employee_id=colleagues.get(person.employee),
        email=person.email,
    )
    found, by = await accounts.by_login(conn, person.login), By(now, IMPORT)
    if found is None:
        account_id = await account_changes.add(conn, account, password_hash, by)
    else:
        account_id = found[0].id
        now_is = replace(account, id=account_id, disabled=found[0].disabled)
        await account_changes.change(conn, found[0], now_is, by)
        if password_hash:
            await account_changes.set_password(conn, now_is, password_hash, by)
    if not person.interface:
        return
    agent = await agents.by_account(conn, account_id)
    phone = (person.given_name, person.family_name, person.interface)
    if agent is None:
        await agents.insert(conn, account_id, *phone)
    else:
        await agents.update(conn, agent.id, *phone)


async def _line(
    conn: AsyncConnection, number: str, region: str, customer_id: str | None, *, keep_region: bool = False
) -> None:
    """`keep_region`: of a line that is there, how it reads numbers is left as it is."""
    same, moved = t.line.c.number == number, {"number": number, "customer_id": customer_id}
    there = (await conn.execute(select(t.line.c.id).where(same))).first() is not None
    await _by_name(conn, t.line, same, moved if there and keep_region else moved | {"region": region})


async def _by_name(conn: AsyncConnection, table: Table, same: ColumnElement[bool], values: Row) -> str:
    """Update the row with this natural key, or insert one; returns its id."""
    found = (await conn.execute(select(table.c.id).where(same))).scalar_one_or_none()
    if found is None:
        found = new_id()
        await conn.execute(table.insert().values(values | {"id": found}))
    else:
        await conn.execute(table.update().where(table.c.id == found).values(values))
    return str(found)


async def _set_list(conn: AsyncConnection, table: Table, owner: Row, wanted: Sequence[Row]) -> None:
    """Make the owner's rows be exactly these; rows that are the same already keep their ids."""
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
