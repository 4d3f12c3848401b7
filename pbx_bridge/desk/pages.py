"""The desk's two addresses: the page, which holds nothing of any call, and the socket."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.desk.commands import Seat
from pbx_bridge.desk.socket import DeskSockets
from pbx_bridge.desk.staff import Staff
from pbx_bridge.errors import ForbiddenError
from pbx_bridge.storage import agents
from pbx_bridge.storage.engine import Database
from pbx_bridge.web.i18n import catalogue
from pbx_bridge.web.rendering import render
from rules.model import Agent

PAGE, SOCKET, LOG_OUT = "/desk", "/desk/socket", "/logout"


class DeskPages:
    """For log-ins that have a phone; `auth.permissions` lets agents and supervisors in."""

    def __init__(self, db: Database, staff: Staff, sockets: DeskSockets) -> None:
        self._db, self._staff, self._sockets = db, staff, sockets

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [
            web.get(PAGE, self.page, name="desk"),
            web.get(SOCKET, self.socket, name="desk.socket"),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The frame, in the agent's language."""
        agent = await self._agent(request)
        return render(
            request,
            "desk/desk.html",
            texts=dict(catalogue("desk", request["locale"])),
            agent_name=agent.name,
            socket_url=SOCKET,
            logout_url=LOG_OUT,
        )

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Until it is closed."""
        agent = await self._agent(request)
        seat = Seat(request["account"].id, agent.id, request["session"].id)
        return await self._sockets.serve(request, seat, agent)

    async def _agent(self, request: web.Request) -> Agent:
        """Whose desk it is: only the log-in tells. A supervisor without a phone has none."""
        async with self._db.read() as conn:
            found = await agents.by_account(conn, request["account"].id)
        known = self._staff.agent(found.id) if found else None
        if known is None:
            raise ForbiddenError
        return known
