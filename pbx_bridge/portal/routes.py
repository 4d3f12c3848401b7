"""All pages of the portal and the way to each: the one list that a new page joins."""

from __future__ import annotations

from types import ModuleType

from aiohttp import web

from pbx_bridge.portal import (
    absences,
    access_log,
    account,
    appointment,
    appointments,
    away,
    blocked_callers,
    calendar,
    calendar_feed,
    choosing,
    company,
    completeness,
    dashboard,
    employee,
    employee_import,
    employees,
    faq,
    last_changes,
    people,
    rehearsal,
    second_factor,
    statistics,
    subaccounts,
    text_blocks,
    undelivered,
    undoing,
    vip_callers,
    vip_callers_form,
    vip_callers_import,
)
from pbx_bridge.portal.forgotten import Forgotten
from pbx_bridge.portal.invitation import Invitation
from pbx_bridge.portal.once import once
from pbx_bridge.portal.visit import Portal, Route, Visit

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
        visit = Visit(portal, request)
        return await (once(visit, route.handler) if route.method == "POST" else route.handler(visit))

    return web.route(route.method, route.path, handler, name=route.name)
