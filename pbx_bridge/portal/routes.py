"""All pages of the portal and the way to each: the one list that a new page joins."""

from __future__ import annotations

from functools import partial
from types import ModuleType

from aiohttp import web

from pbx_bridge.portal import choices, searching
from pbx_bridge.portal.absences import pages as absences
from pbx_bridge.portal.account import pages as account
from pbx_bridge.portal.account import second_factor
from pbx_bridge.portal.account.forgotten import Forgotten
from pbx_bridge.portal.account.invitation import Invitation
from pbx_bridge.portal.appointments import form as appointment
from pbx_bridge.portal.appointments import pages as appointments
from pbx_bridge.portal.away import pages as away
from pbx_bridge.portal.billing import pages as billing
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
from pbx_bridge.portal.rehearsal import pages as rehearsal
from pbx_bridge.portal.request_context import PortalContext
from pbx_bridge.portal.services import Portal
from pbx_bridge.portal.statistics import pages as statistics
from pbx_bridge.portal.statistics import proof as statistics_proof
from pbx_bridge.portal.statistics import recording
from pbx_bridge.portal.subaccounts import pages as subaccounts
from pbx_bridge.portal.text_blocks import pages as text_blocks
from pbx_bridge.portal.undelivered import pages as undelivered
from pbx_bridge.portal.vip_callers import file_import as vip_callers_import
from pbx_bridge.portal.vip_callers import form as vip_callers_form
from pbx_bridge.portal.vip_callers import pages as vip_callers
from pbx_bridge.web.kit.routes import definitions

PAGES: tuple[ModuleType, ...] = (
    dashboard,
    company,
    choices,
    searching,
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
    recording,
    statistics_proof,
    billing,
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
    lines = [route for page in PAGES for route in page.ROUTES]
    pages = definitions(lines, partial(PortalContext, portal))
    return [*pages, *calendar_feed.routes(portal), *Invitation(portal).routes(), *Forgotten(portal).routes()]
