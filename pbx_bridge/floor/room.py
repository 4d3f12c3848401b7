"""The floor put together: pictures of all desks, and what supervisors do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge import tasks
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls.effect_runner import Binding, on
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.room import Calls
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.floor.agent_logout import AgentLogout
from pbx_bridge.floor.desk_port import DeskPort
from pbx_bridge.floor.drawing import Drawing
from pbx_bridge.floor.live import Live
from pbx_bridge.floor.pages import FloorPages
from pbx_bridge.floor.socket import FloorSockets
from pbx_bridge.floor.undelivered import UndeliveredPage
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.tasks import RunningPart
from pbx_bridge.telephony.room import Telephony
from pbx_bridge.transfers.room import Transfers


class Floor:
    """All agents, all who wait and the day's figures, for supervisors."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        watch: StorageWatch,
        sessions: Sessions,
        desks: DeskPort,
        directory: LiveDirectory,
        calls: Calls,
        telephony: Telephony,
        transfers: Transfers,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        """`watch`: how the database is."""
        self._db, self._sessions = db, sessions
        in_time = settings.calls.in_time
        seconds = int(in_time.total_seconds())
        put_throughs, health, since = transfers.put_throughs.views, outbox.health, outbox.down_since
        drawing = Drawing(desks, calls.registry, directory.index, put_throughs, health, watch, seconds, since)
        self._leaving = AgentLogout(desks, calls.registry, telephony.queue, self._end_sessions)
        self._live = Live(drawing, db, self._leaving.waiting, in_time, clock)
        origins = (settings.web.public_url, *settings.desk.allowed_origins)
        self.sockets = FloorSockets(self._live, new_id(), origins, settings.desk, clock)
        sessions.on_ended(self.sockets.end_session)
        self._pages = FloorPages(db, desks, self._leaving, self.sockets)
        self._undelivered = UndeliveredPage(db, outbox.by_hand)

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return [*self._pages.routes(), *self._undelivered.routes()]

    def effects(self) -> list[Binding]:
        """Whatever happens, and after the desks have made of it what the floor shows."""
        return [on(Effect, self.moved)]

    def parts(self) -> list[RunningPart]:
        """Pictures, and an eye on log-ins that end elsewhere."""
        return [RunningPart("floor", self.run)]

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
