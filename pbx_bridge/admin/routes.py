"""All pages of the office and the way to each: the one list that a new page joins."""

from __future__ import annotations

from functools import partial
from types import ModuleType

from aiohttp import web

from pbx_bridge.admin.agents import calls as agents_calls
from pbx_bridge.admin.agents import form as new_agent
from pbx_bridge.admin.agents import pages as agents
from pbx_bridge.admin.agents import phone as agents_phone
from pbx_bridge.admin.companies import answering, corrections
from pbx_bridge.admin.companies import edit as company
from pbx_bridge.admin.companies import export as companies_file
from pbx_bridge.admin.companies import form as new_company
from pbx_bridge.admin.companies import pages as companies
from pbx_bridge.admin.deliveries import form as delivery
from pbx_bridge.admin.deliveries import pages as deliveries
from pbx_bridge.admin.open_calls import pages as open_calls
from pbx_bridge.admin.request_context import OfficeContext
from pbx_bridge.admin.services import Office
from pbx_bridge.admin.start import pages as start
from pbx_bridge.admin.state import pages as state
from pbx_bridge.admin.tariffs import form as tariff
from pbx_bridge.admin.tariffs import pages as tariffs
from pbx_bridge.admin.teams import pages as teams
from pbx_bridge.web.kit.routes import definitions

PAGES: tuple[ModuleType, ...] = (
    start,
    deliveries,
    delivery,
    open_calls,
    state,
    new_company,  # before the page of one company, as its path would fit as well; so is a new agent
    companies,
    company,
    companies_file,
    new_agent,
    agents,
    agents_phone,
    agents_calls,
    teams,
    answering,
    corrections,
    tariffs,
    tariff,
)
"""Each has ROUTES, a tuple of `Route`."""


def routes(office: Office) -> list[web.RouteDef]:
    """What the web server is to serve; who may use which stands in auth.permissions."""
    lines = [route for page in PAGES for route in page.ROUTES]
    return definitions(lines, partial(OfficeContext, office))
