"""Mitarbeiter as a file: out for Excel, in with a preview."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from pbx_bridge.portal.employees import PATH
from pbx_bridge.portal.file_import import FileImport
from pbx_bridge.portal.file_kind import FileKind
from pbx_bridge.portal.visit import Change, Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.ids import new_id
from rules.csv_plan import Plan, Reading
from rules.csv_text import Table
from rules.employee_columns import COLUMNS
from rules.employee_csv import export, plan, shown_as, steps
from rules.model import Customer, Employee


async def send(visit: Visit) -> web.StreamResponse:
    """The list as a file."""
    customer = await visit.customer()
    listed = [one.employee for one in (await visit.directory(customer)).by_family]
    name = visit.t("import.employees.file_name", day=f"{visit.local(customer):%Y-%m-%d}")
    return await visit.file(export(listed, visit.locale), name)


def _plan(visit: Visit, table: Table, customer: Customer) -> Reading[Employee]:
    return plan(table, customer, visit.dial_rules(customer), new_id)


async def _store(change: Change, wanted: Plan[Employee], leaving: Collection[str]) -> None:
    conn, customer_id = change.conn, change.customer.id
    await employees.insert(conn, customer_id, wanted.new)
    await employees.update(conn, customer_id, [one.after for one in wanted.changed])
    await employees.delete(conn, customer_id, leaving)


KIND = FileKind(
    name="employees",
    path=PATH,
    route="portal.employees.file",
    deed="employees_imported",
    columns=COLUMNS,
    plan=_plan,
    steps=steps,
    store=_store,
    hint=lambda person: str(person.position),
    reach=undo.Reach(employees=None),
    shown_as=lambda customer, wanted, locale: shown_as(customer, wanted.new, locale),
    people=True,
)

ROUTES = (Route("portal.employees.export", "GET", f"{PATH}/export", send), *FileImport(KIND).routes())
