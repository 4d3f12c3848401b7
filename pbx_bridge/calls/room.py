"""Live calls put together: what is known of them, and how it is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effect_runner import Binding, on
from pbx_bridge.calls.events import CallArrived
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.offer_journal import OfferJournal
from pbx_bridge.calls.refusals import Refusals
from pbx_bridge.calls.registry import Registry, Resolved
from pbx_bridge.calls.snapshot_watch import Resynced, SnapshotWatch
from pbx_bridge.calls.state import Reducer
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart


class Calls:
    """`registry` is the first reducer, `watchers` are the last ones: they ask what all others have made of a
    message."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        resolve: Callable[[CallArrived], Resolved],
        agent_id: Callable[[str | None], str | None],
        clock: Callable[[], datetime],
    ) -> None:
        """`resolve`: whose call it is and who calls, from memory; `agent_id`: of whoever has this phone."""
        self.registry = Registry(resolve, CallNames(settings.pbx.name), clock())
        self.watchers: tuple[Reducer, ...] = (Refusals(self.registry), SnapshotWatch())
        self.journal = Journal(db, self.registry, agent_id, clock)
        self._offers = OfferJournal(self.journal, self.registry.calls, agent_id, clock)

    def effects(self) -> list[Binding]:
        """What happens to calls, in rows."""
        journal, offers = self.journal, self._offers
        return [
            on(fx.Arrived, journal.arrived),
            on(fx.TurnedAway, journal.turned_away),
            on(fx.Answered, journal.answered),
            on(fx.TimeTurned, journal.time_turned),
            on(fx.CallEnded, journal.ended),
            on(fx.Remembered, journal.remembered),
            on(Resynced, journal.resynced),
            on(fx.Offered, offers.offered),
            on(fx.OfferGone, offers.gone),
            on(fx.CallEnded, offers.ended),
        ]

    def parts(self) -> list[RunningPart]:
        """No call is heard of without its journal."""
        return [RunningPart("journal", self.journal.run, vital=True)]
