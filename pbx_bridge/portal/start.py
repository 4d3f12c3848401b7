"""Where the portal begins."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.visit import Route, Visit


async def show(visit: Visit) -> web.StreamResponse:
    """Until there is a dashboard: the company's own page."""
    return visit.go("/portal/unternehmen")


ROUTES = (Route("portal.start", "GET", "/portal", show),)
