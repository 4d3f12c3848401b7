"""Put-through put together: the reducers that decide, and the handlers that carry out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effect_runner import Binding, on
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.room import Calls
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.calls.state import Reducer
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.telephony.picks import Picks
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.executor import Executor, PutThroughLink, ShownTo
from pbx_bridge.transfers.gate import Gate
from pbx_bridge.transfers.journal import AttemptJournal
from pbx_bridge.transfers.reducer import PutThroughs


class Transfers:
    """`reducers` stand right behind the registry, whose bridges are their proofs; `gate` before all."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        link: PutThroughLink,
        put: Callable[[Message], None],
        calls: Calls,
        picks: Picks,
        directory: LiveDirectory,
        clock: Callable[[], datetime],
    ) -> None:
        """`put`: into the dispatcher's inbox; `picks` is told who is rung by a colleague."""
        live, journal = calls.registry.calls, calls.journal
        self.put_throughs = PutThroughs(calls.registry)
        picks.not_for(self.put_throughs.asked)
        self.reducers: tuple[Reducer, ...] = (self.put_throughs,)
        self.gate = Gate(calls.registry, self.put_throughs, picks)
        whose, alive = directory.index.reached_at, self.put_throughs.alive
        self._attempts = AttemptJournal(journal, db, live, put, alive, whose, calls.registry.names, clock)
        self._executor = Executor(link, live, put, ShownTo(settings.transfers.caller_id), journal.settled)

    def effects(self) -> list[Binding]:
        """Actions to the PBX, and rows of attempts."""
        attempts, executor = self._attempts, self._executor
        return [
            on(Resynced, attempts.resynced),
            on(msg.Send, executor.send),
            on(fx.Look, executor.look),
            on(msg.AttemptStarted, attempts.started),
            on(msg.AttemptAnswered, attempts.answered),
            on(msg.AttemptEnded, attempts.ended),
            on(msg.AttemptRemembered, attempts.ended),
            on(msg.AttemptAdopted, attempts.adopted),
        ]

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._attempts.settle(seconds)
