"""The directory put together: companies, lines and agents in memory, and how they are kept up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx_bridge.directory.index import Index
from pbx_bridge.directory.refresh import Desired, DirectoryReader, PhonePorts, Refresh
from pbx_bridge.directory.resolver import Resolver
from pbx_bridge.directory.staff import Staff
from pbx_bridge.settings import Settings
from pbx_bridge.storage.customers.data_version import Follower
from pbx_bridge.storage.customers.known_companies import KnownCompanies
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart
from rules.calls.caller_identity import Leads


class LiveDirectory:
    """What everybody reads; empty until `DirectoryUpkeep` has loaded it."""

    def __init__(self, settings: Settings) -> None:
        self.staff, self.index = Staff(), Index()
        self.resolve = Resolver(self.index, leads=Leads(settings.calls.caller))


class DirectoryUpkeep:
    """Loads the directory and follows the data. Apart from it, as whoever is told of a change (`screens`, and
    with `desired` and `phones` the PBX) reads the directory and has to be there first."""

    def __init__(
        self,
        db: Database,
        directory: LiveDirectory,
        screens: DirectoryReader,
        desired: Desired,
        phones: PhonePorts,
        clock: Callable[[], datetime],
    ) -> None:
        self.refresh = Refresh(db, directory.index, directory.staff, screens, desired, phones, clock)
        self.follower = Follower(db, self.refresh.changed)

    async def load(self, known: KnownCompanies | None = None) -> None:
        """Everything, before the first call; what changes meanwhile is not lost. `known`: what a service that
        stood by has read already."""
        await self.follower.start()
        await self.refresh.load(known)

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what has been told is kept."""
        await self.refresh.settle(seconds)

    def parts(self) -> list[RunningPart]:
        """What changes, and what is worth having ready."""
        return [RunningPart("follower", self.follower.run), RunningPart("warm", self.refresh.warm)]
