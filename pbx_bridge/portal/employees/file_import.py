"""Mitarbeiter as a file: out for Excel, in with a preview."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import employees
from pbx_bridge.portal.employees.pages import PATH
from pbx_bridge.portal.file_import.kind import FileKind
from pbx_bridge.portal.file_import.pages import FileImport
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.web.i18n import file_language
from rules.files.csv_plan import Reading
from rules.files.csv_text import Table
from rules.files.employee_columns import COLUMNS
from rules.files.employee_csv import export, plan, shown_as, steps
from rules.model import Customer, Employee


async def send(ctx: PortalContext) -> web.StreamResponse:
    """The list as a file."""
    customer = await ctx.customer()
    listed = [one.employee for one in (await ctx.directory(customer)).by_family]
    name = ctx.t("import.employees.file_name", day=f"{ctx.local(customer):%Y-%m-%d}")
    return await ctx.file(export(listed, file_language(ctx.locale)), name)


def _plan(ctx: PortalContext, table: Table, customer: Customer) -> Reading[Employee]:
    return plan(table, customer, ctx.dial_rules(customer), new_id)


KIND = FileKind(
    name="employees",
    path=PATH,
    route="portal.employees.file",
    change_code="employees_imported",
    columns=COLUMNS,
    plan=_plan,
    steps=steps,
    take=employees.take_list,
    hint=lambda person: str(person.position),
    shown_as=lambda customer, wanted, language: shown_as(customer, wanted.new, language),
)

ROUTES = (Route("portal.employees.export", "GET", f"{PATH}/export", send), *FileImport(KIND).routes())
