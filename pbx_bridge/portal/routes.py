"""All pages of the portal and the way to each: the one list that a new page joins."""

from __future__ import annotations

from types import ModuleType

from aiohttp import web

from pbx_bridge.portal import choosing
from pbx_bridge.portal.absences import pages as absences
from pbx_bridge.portal.account import pages as account
from pbx_bridge.portal.account import second_factor
from pbx_bridge.portal.account.forgotten import Forgotten
from pbx_bridge.portal.account.invitation import Invitation
from pbx_bridge.portal.appointments import form as appointment
from pbx_bridge.portal.appointments import pages as appointments
from pbx_bridge.portal.away import pages as away
from pbx_bridge.portal.blocked_callers import pages as blocked_callers
from pbx_bridge.portal.calendar import feed as calendar_feed
from pbx_bridge.portal.calendar import pages as calendar
from pbx_bridge.portal.company import pages as company
from pbx_bridge.portal.completeness import pages as completeness
from pbx_bridge.portal.dashboard import pages as dashboard
from pbx_bridge.portal.employees import file_import as employee_import
from pbx_bridge.portal.employees import form as employee
from pbx_bridge.portal.employees import pages as employees
from pbx_bridge.portal.faq import pages as faq
from pbx_bridge.portal.last_changes import pages as last_changes
from pbx_bridge.portal.last_changes import undoing
from pbx_bridge.portal.logins import access_log
from pbx_bridge.portal.logins import pages as people
from pbx_bridge.portal.once import once
from pbx_bridge.portal.rehearsal import pages as rehearsal
from pbx_bridge.portal.request_context import Portal, PortalContext, Route
from pbx_bridge.portal.statistics import pages as statistics
from pbx_bridge.portal.subaccounts import pages as subaccounts
from pbx_bridge.portal.text_blocks import pages as text_blocks
from pbx_bridge.portal.undelivered import pages as undelivered
from pbx_bridge.portal.vip_callers import file_import as vip_callers_import
from pbx_bridge.portal.vip_callers import form as vip_callers_form
from pbx_bridge.portal.vip_callers import pages as vip_callers

PAGES: tuple[ModuleType, ...] = (
    dashboard,
    company,
    choosing,
    employees,
    employee,
    employee_import,
    away,
    absences,
    appointments,
    appointment,
    calendar,
    vip_callers,
    vip_callers_import,
    vip_callers_form,
    blocked_callers,
    faq,
    text_blocks,
    statistics,
    undelivered,
    completeness,
    rehearsal,
    subaccounts,
    undoing,
    last_changes,
    account,
    second_factor,
    people,
    access_log,
)
"""Each has ROUTES, a tuple of `Route`."""


def routes(portal: Portal) -> list[web.RouteDef]:
    """What the web server is to serve; who may use which stands in auth.permissions."""
    pages = [_definition(portal, route) for page in PAGES for route in page.ROUTES]
    return [*pages, *calendar_feed.routes(portal), *Invitation(portal).routes(), *Forgotten(portal).routes()]


def _definition(portal: Portal, route: Route) -> web.RouteDef:
    async def handler(request: web.Request) -> web.StreamResponse:
        ctx = PortalContext(portal, request)
        return await (once(ctx, route.handler) if route.method == "POST" else route.handler(ctx))

    return web.route(route.method, route.path, handler, name=route.name)
