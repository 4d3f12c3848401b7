"""Where the search forms of all lists lead: nobody's name or number stands in an address."""

from __future__ import annotations

from pbx_bridge.admin.request_context import Route
from pbx_bridge.web.kit.searching import remember

ROUTES = (Route("admin.search", "POST", "/admin/suche", remember),)
