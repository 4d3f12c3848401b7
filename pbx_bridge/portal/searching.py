"""Where the search forms of all lists lead: nobody's name or number stands in an address."""

from __future__ import annotations

from pbx_bridge.portal.request_context import Route
from pbx_bridge.web.kit.searching import remember

ROUTES = (Route("portal.search", "POST", "/portal/suche", remember),)
