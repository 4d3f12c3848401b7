"""All pages of the office and the way to each: the one list that a new page joins."""

from __future__ import annotations

from functools import partial
from types import ModuleType

from aiohttp import web

from pbx_bridge.admin import house_undo, searching
from pbx_bridge.admin.agents import calls as agents_calls
from pbx_bridge.admin.agents import form as new_agent
from pbx_bridge.admin.agents import pages as agents
from pbx_bridge.admin.agents import phone as agents_phone
from pbx_bridge.admin.call_backs import export as call_backs_file
from pbx_bridge.admin.call_backs import pages as call_backs
from pbx_bridge.admin.call_search import pages as call_search
from pbx_bridge.admin.companies import answering, corrections, data_file
from pbx_bridge.admin.companies import confidential as company_confidential
from pbx_bridge.admin.companies import edit as company
from pbx_bridge.admin.companies import export as companies_file
from pbx_bridge.admin.companies import form as new_company
from pbx_bridge.admin.companies import nobody_free as company_nobody_free
from pbx_bridge.admin.companies import note_fields as company_note_fields
from pbx_bridge.admin.companies import pages as companies
from pbx_bridge.admin.companies import service as company_state
from pbx_bridge.admin.companies import tariff as company_tariff
from pbx_bridge.admin.companies import undoing as company_undo
from pbx_bridge.admin.companies import view as customer_view
from pbx_bridge.admin.deliveries import form as delivery
from pbx_bridge.admin.deliveries import pages as deliveries
from pbx_bridge.admin.holidays import pages as holidays
from pbx_bridge.admin.law import person, processing, protocol, retention
from pbx_bridge.admin.lines import edit as line
from pbx_bridge.admin.lines import export as lines_file
from pbx_bridge.admin.lines import pages as lines
from pbx_bridge.admin.open_calls import pages as open_calls
from pbx_bridge.admin.pause_reasons import form as pause_reason
from pbx_bridge.admin.pause_reasons import pages as pause_reasons
from pbx_bridge.admin.reports import export as reports_file
from pbx_bridge.admin.reports import pages as reports
from pbx_bridge.admin.request_context import OfficeContext
from pbx_bridge.admin.services import Office
from pbx_bridge.admin.start import pages as start
from pbx_bridge.admin.state import pages as state
from pbx_bridge.admin.tariffs import edit as tariff_edit
from pbx_bridge.admin.tariffs import form as tariff
from pbx_bridge.admin.tariffs import pages as tariffs
from pbx_bridge.admin.teams import edit as team
from pbx_bridge.admin.teams import export as teams_file
from pbx_bridge.admin.teams import pages as teams
from pbx_bridge.web.kit.routes import definitions

PAGES: tuple[ModuleType, ...] = (
    start,
    deliveries,
    delivery,
    open_calls,
    call_backs_file,  # before the page of one, as its path would fit as well
    call_backs,
    call_search,
    reports,
    reports_file,
    state,
    new_company,  # before the page of one company, as its path would fit as well; so is a new agent
    companies,
    company,
    company_nobody_free,
    company_note_fields,
    companies_file,
    new_agent,
    agents,
    agents_phone,
    agents_calls,
    line,  # new ones, before the page of one line
    lines,
    lines_file,
    team,  # a new one, before the page of one team
    teams,
    teams_file,
    house_undo,
    company_confidential,
    answering,
    corrections,
    person,
    processing,
    protocol,
    retention,
    company_state,
    data_file,
    customer_view,
    company_tariff,
    company_undo,
    tariff_edit,  # a new one, before the page of one tariff
    tariffs,
    tariff,
    pause_reasons,
    pause_reason,
    searching,
    holidays,
)
"""Each has ROUTES, a tuple of `Route`."""


def routes(office: Office) -> list[web.RouteDef]:
    """What the web server is to serve; who may use which stands in auth.permissions."""
    listed = [route for page in PAGES for route in page.ROUTES]
    return definitions(listed, partial(OfficeContext, office))
