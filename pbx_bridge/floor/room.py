"""The floor put together: what `app.py` needs of it is one object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from aiohttp import web

from pbx_bridge import tasks
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.index import Index
from pbx_bridge.floor.agent_logout import AgentLogout
from pbx_bridge.floor.desks import Desks
from pbx_bridge.floor.drawing import Drawing
from pbx_bridge.floor.live import Live
from pbx_bridge.floor.pages import FloorPages
from pbx_bridge.floor.socket import FloorSockets
from pbx_bridge.floor.undelivered import UndeliveredPage
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.transfers.state import PutThroughState
from rules.model import Channel


class Floor:
    """`routes` for the router, `run` beside the other parts, `moved` after every effect's own handler."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        sessions: Sessions,
        desks: Desks,
        registry: Registry,
        index: Index,
        put_throughs: Mapping[str, PutThroughState],
        health: Mapping[Channel, str],
        watch: StorageWatch,
        queue: AgentQueue,
        clock: Callable[[], datetime],
        down_since: Mapping[Channel, datetime] = MappingProxyType({}),
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`down_since`: since when mail or SMS are down; `wake`: there is something to send."""
        self._db, self._sessions = db, sessions
        in_time = settings.calls.in_time
        seconds = int(in_time.total_seconds())
        drawing = Drawing(desks, registry, index, put_throughs, health, watch, seconds, down_since)
        self._leaving = AgentLogout(desks, registry, queue, self._end_sessions)
        self._live = Live(drawing, db, self._leaving.waiting, in_time, clock)
        origins = (settings.web.public_url, *settings.desk.allowed_origins)
        self.sockets = FloorSockets(self._live, new_id(), origins, settings.desk, clock)
        sessions.on_ended(self.sockets.end_session)
        self._pages = FloorPages(db, desks, self._leaving, self.sockets)
        self._undelivered = UndeliveredPage(db, wake, clock)

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [*self._pages.routes(), *self._undelivered.routes()]

    def moved(self, _effect: Effect) -> Awaitable[None] | None:
        """Something happened: the floor may look different, and an agent may be free to leave."""
        self._live.move()
        return self._leaving.moved() if self._leaving.waiting else None

    async def run(self) -> None:
        """Until cancelled: pictures, and an eye on log-ins that end elsewhere."""
        await tasks.run_all([self._live.run(), self._sessions.watch(self.sockets.sessions)])

    async def _end_sessions(self, agent_id: str) -> None:
        async with self._db.read() as conn:
            account_id = await agents.account_of(conn, agent_id)
        if account_id:
            await self._sessions.end_all_of(account_id)
