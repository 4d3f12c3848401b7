"""The floor's addresses: page, wall-board, socket, and what a supervisor may do for an agent."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import web

from pbx_bridge.errors import NotFoundError, Refused, http_status
from pbx_bridge.floor.agent_logout import AgentLogout
from pbx_bridge.floor.desk_port import DeskPort
from pbx_bridge.floor.socket import FloorSockets
from pbx_bridge.storage.access import agents, pause_reasons
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.i18n import page_texts
from pbx_bridge.web.kit.pause_names import own_names
from pbx_bridge.web.rendering import render
from rules.model import Agent
from rules.presence.pause_reasons import choices

log = structlog.get_logger(__name__)

PAGE, WALL, SOCKET = "/floor", "/floor/wall", "/floor/socket"
LONGEST_TEXT = 300


class FloorPages:
    """`auth.permissions` lets supervisors and the operator in, and nobody else."""

    def __init__(self, db: Database, desks: DeskPort, leaving: AgentLogout, sockets: FloorSockets) -> None:
        self._db, self._desks, self._leaving, self._sockets = db, desks, leaving, sockets

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [
            web.get(PAGE, self.page, name="floor"),
            web.get(WALL, self.wall, name="floor.wall"),
            web.get(SOCKET, self._sockets.serve, name="floor.socket"),
            web.post("/floor/agents/{agent}/text", self.text, name="floor.text"),
            web.post("/floor/agents/{agent}/log-out", self.log_out, name="floor.log_out"),
            web.post("/floor/agents/{agent}/stay", self.stay, name="floor.stay"),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The frame; the floor itself comes by the socket."""
        texts = await self._texts(request)
        own = await self._own(request)
        return render(
            request,
            "floor/floor.html",
            texts=texts,
            socket_url=SOCKET,
            name=own.name if own else request["account"].login,
            has_desk=own is not None,
        )

    async def wall(self, request: web.Request) -> web.StreamResponse:
        """For a screen on the wall: figures, no controls."""
        texts = await self._texts(request)
        return render(request, "floor/wall.html", texts=texts, socket_url=SOCKET)

    async def text(self, request: web.Request) -> web.StreamResponse:
        """A few words onto the agent's screen."""
        agent = self._agent(request)
        words = " ".join((await form_of(request)).get("text").split())
        if not words:
            return _answer(Refused("invalid"))
        if len(words) > LONGEST_TEXT:
            return _answer(Refused("text_too_long", {"length": str(len(words)), "max": str(LONGEST_TEXT)}))
        if not self._desks.is_open(agent.id):
            return _answer(Refused("desk_closed", {"agent": agent.name}))
        own = await self._own(request)
        self._desks.tell(agent.id, own.name if own else request["account"].login, words)
        log.info("floor_text_sent", account=request["account"].id, agent=agent.id)
        return _answer(done="told")

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """Out of the queue and off the desk, at once or after the call."""
        agent = self._agent(request)
        log.info("floor_log_out_asked", account=request["account"].id, agent=agent.id)
        result = await self._leaving.ask(agent)
        return _answer(result) if isinstance(result, Refused) else _answer(done=result)

    async def stay(self, request: web.Request) -> web.StreamResponse:
        """Take back a log-out that still waits for its call."""
        self._leaving.stay(self._agent(request).id)
        return _answer(done="stays")

    async def _texts(self, request: web.Request) -> Mapping[str, str]:
        """With the reasons for a pause as this house calls them."""
        async with self._db.read() as conn:
            reasons = choices(await pause_reasons.kept(conn))
        locale = request["locale"]
        return {**page_texts("floor", locale), **own_names(reasons, locale, "reason")}

    def _agent(self, request: web.Request) -> Agent:
        wanted = request.match_info["agent"]
        found = next((agent for agent in self._desks.agents() if agent.id == wanted), None)
        if found is None:
            raise NotFoundError
        return found

    async def _own(self, request: web.Request) -> Agent | None:
        """The supervisor as an agent; one without a phone has only a log-in."""
        async with self._db.read() as conn:
            return await agents.by_account(conn, request["account"].id)


def _answer(refusal: Refused | None = None, *, done: str = "") -> web.Response:
    """`done` or why not, as a code of the catalogue."""
    if refusal is None:
        return web.json_response({"done": done})
    params = {name: str(value) for name, value in refusal.params.items()}
    return web.json_response(
        {"code": str(refusal.code), "params": params}, status=http_status(str(refusal.code))
    )
