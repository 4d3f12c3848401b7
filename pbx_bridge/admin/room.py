"""The operator's office put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from pbx_bridge.admin import routes
from pbx_bridge.admin.allowance_round import AllowanceRound
from pbx_bridge.admin.company_checks import CompanyChecks
from pbx_bridge.admin.company_upkeep import CompanyUpkeep
from pbx_bridge.admin.house_state import HouseState
from pbx_bridge.admin.services import Office
from pbx_bridge.alarms.room import Alarms
from pbx_bridge.directory.agent_states import AgentStates
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.editing.change import Editing
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart
from pbx_bridge.transfers.dial_rules import dial_rules


class OperatorsOffice:
    """`alarms`: how the house is, and who was told; `desks`: what agents are doing."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        alarms: Alarms,
        desks: AgentStates,
        directory: LiveDirectory,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        state = HouseState(alarms.systems, desks, clock)
        self._round = AllowanceRound(db, clock)
        self._checks = CompanyChecks(directory.index, dial_rules(settings.transfers), clock)
        editing = Editing(db, dial_rules=dial_rules(settings.transfers))
        kept = timedelta(days=settings.retention.ended_days)
        self._upkeep = CompanyUpkeep(db, editing, kept, clock)
        self._shared = Office(
            db,
            clock,
            state,
            self._checks,
            outbox.by_hand,
            directory.index,
            editing,
            outbox.wake,
            settings.web.public_url,
            settings.mail.from_address,
            settings,
            alarms.state,
        )

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return routes.routes(self._shared)

    def parts(self) -> list[RunningPart]:
        """What reckons beforehand; ends that wait for the last call, and erasing."""
        return [
            RunningPart("allowances", self._round.run),
            RunningPart("companies", self._upkeep.run),
        ]

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what nobody waits for comes to its end."""
        await self._checks.background.settle(seconds)
