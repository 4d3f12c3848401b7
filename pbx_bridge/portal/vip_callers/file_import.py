"""VIP-Kunden as a file: out for Excel, in with a preview."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import vip_callers
from pbx_bridge.portal.file_import.kind import FileKind
from pbx_bridge.portal.file_import.pages import FileImport
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.portal.vip_callers.pages import PATH
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.web.i18n import file_language
from rules.files.csv_plan import Reading
from rules.files.csv_text import Table
from rules.files.vip_csv import COLUMNS, export, plan, shown_as, steps
from rules.model import Customer, VipCaller


async def send(ctx: PortalContext) -> web.StreamResponse:
    """All entries as a file."""
    customer = await ctx.customer()
    name = ctx.t("import.vips.file_name", day=f"{ctx.local(customer):%Y-%m-%d}")
    return await ctx.file(export(customer, file_language(ctx.locale)), name)


def _plan(_ctx: PortalContext, table: Table, customer: Customer) -> Reading[VipCaller]:
    return plan(table, customer, new_id)


KIND = FileKind(
    name="vips",
    path=PATH,
    route="portal.vips.file",
    change_code="vips_imported",
    columns=COLUMNS,
    plan=_plan,
    steps=steps,
    take=vip_callers.take_list,
    hint=lambda vip: str(vip.pattern),
    shown_as=lambda customer, _plan, _language: shown_as(customer),
)

ROUTES = (Route("portal.vips.export", "GET", f"{PATH}/export", send), *FileImport(KIND).routes())
