"""The operator's office put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge.admin import routes
from pbx_bridge.admin.company_checks import CompanyChecks
from pbx_bridge.admin.house_state import AgentStates, HouseState
from pbx_bridge.admin.services import Office
from pbx_bridge.calls.room import Calls
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.editing.change import Editing
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.transfers.dial_rules import dial_rules
from rules.calls.nobody_free import takes_messages


class OperatorsOffice:
    """`watch`: how the database is; `desks`: what agents are doing."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        watch: StorageWatch,
        desks: AgentStates,
        directory: LiveDirectory,
        calls: Calls,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        self._house, self._index, self._sounds = settings.nobody_free.policy, directory.index, outbox.sounds
        state = HouseState(calls.registry, watch, outbox.health, outbox.down_since, desks, clock, self._voice)
        self._checks = CompanyChecks(directory.index, dial_rules(settings.transfers), clock)
        self._shared = Office(
            db,
            clock,
            state,
            self._checks,
            outbox.by_hand,
            directory.index,
            Editing(db, dial_rules=dial_rules(settings.transfers)),
            outbox.wake,
            settings.web.public_url,
            settings.mail.from_address,
            settings,
        )

    def _voice(self) -> VoiceFolder | None:
        own = (one.nobody_free for one in self._index.customers.values())
        taken = takes_messages(self._house) or any(one is not None and takes_messages(one) for one in own)
        return self._sounds.state if taken else None

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return routes.routes(self._shared)

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what nobody waits for comes to its end."""
        await self._checks.background.settle(seconds)
