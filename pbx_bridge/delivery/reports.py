"""Where an SMS gateway tells us what became of a message: `/hooks/sms/<our id>?type=1`, in Kannel's way.

The id is the only key: 74 random bits that the gateway alone was given. A report can only confirm or deny
that very message; it discloses nothing, and a wrong id gets the same answer as a right one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from pbx_bridge.storage import notifications

if TYPE_CHECKING:
    from pbx_bridge.storage.engine import Database

PATH = "/hooks/sms"
DELIVERED, REFUSED = "1", "2"  # Kannel's types; 4, 8 and 16 are stations on the way


class Reports:
    """The hook; `told` hears the id of each notification whose state moved."""

    def __init__(
        self, db: Database, clock: Callable[[], datetime], told: Callable[[str], None] = lambda one: None
    ) -> None:
        self._db, self._clock, self._told = db, clock, told

    def routes(self) -> list[web.RouteDef]:
        """For the router; open to everybody who knows an id."""
        return [web.get(f"{PATH}/{{id}}", self.receive, name="sms_report")]

    async def receive(self, request: web.Request) -> web.Response:
        """Note a final report, pass over the others."""
        kind = request.query.get("type", "")
        if kind in {DELIVERED, REFUSED}:
            async with self._db.write() as conn:
                found = await notifications.report(
                    conn,
                    delivered=kind == DELIVERED,
                    detail=f"report_{kind}",
                    now=self._clock(),
                    notification_id=request.match_info["id"],
                )
            if found:
                self._told(found)
        return web.Response(text="OK")
