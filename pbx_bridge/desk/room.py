"""The agents' desks put together: screens, notes and the sockets by which both are seen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effect_runner import Binding, on
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.room import Calls
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.desk.floor_adapter import FloorAdapter
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.notes.desk_refresher import DeskRefresher
from pbx_bridge.desk.notes.drafts import Drafts, goes_on
from pbx_bridge.desk.notes.note_commands import NoteCommands
from pbx_bridge.desk.notes.note_desk import NoteDesk
from pbx_bridge.desk.notes.noted_elsewhere import NotedElsewhere
from pbx_bridge.desk.notes.restore import Restore
from pbx_bridge.desk.notes.saved_notes import SavedNotes
from pbx_bridge.desk.pages import DeskPages
from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.desk.screen.day_figures import DayFigures
from pbx_bridge.desk.screen.directory_screens import DirectoryScreens
from pbx_bridge.desk.screen.earlier_calls import EarlierCalls
from pbx_bridge.desk.screen.effect_handlers import DeskHandlers
from pbx_bridge.desk.screen.hand_over import HandOverPorts
from pbx_bridge.desk.screen.open_call import NotedBefore
from pbx_bridge.desk.screen.pop import Pops
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.session.blocking import Blocking
from pbx_bridge.desk.session.commands import Commands
from pbx_bridge.desk.session.idempotency import AnsweredCommands
from pbx_bridge.desk.session.socket import DeskSockets
from pbx_bridge.desk.session.telephone import DialPlan
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.tasks import RunningPart
from pbx_bridge.telephony.pick_messages import PickFailed
from pbx_bridge.telephony.room import Telephony
from pbx_bridge.transfers.messages import ColleagueOver
from pbx_bridge.transfers.room import Transfers
from pbx_bridge.web.i18n import translate


class AgentDesks:
    """`of_directory` shows what changes in the directory, `of_floor` what supervisors see and say."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        watch: StorageWatch,
        sessions: Sessions,
        put: Callable[[Message], None],
        directory: LiveDirectory,
        calls: Calls,
        telephony: Telephony,
        transfers: Transfers,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        """`watch`: how the database is; `put`: into the dispatcher's inbox."""
        staff, index, wrap_up = directory.staff, directory.index, telephony.wrap_up
        dial, words = DialPlan.of(settings.transfers), functools.partial(translate, "desk")
        in_time, domain = settings.calls.in_time, outbox.sender_domain
        # What is shown, and the ways from there back up.
        self.hub = Hub(new_id(), settings.desk.history_size)
        pops, noted = Pops(dial.dial_rules, dial.ring, words, index), dict[str, NotedBefore]()
        ports = HandOverPorts(noted.get, goes_on(calls.journal), wrap_up.call_lost)
        self.screens = screens = Screens(
            self.hub, staff, calls.registry, index, pops, words, clock, transfers.put_throughs, ports
        )
        self.figures = figures = DayFigures(db, screens, clock, in_time)
        # What is written, and read again.
        self.reads = reads = BackgroundReads(db)
        corrections, saved = Corrections(db, screens), SavedNotes(db, screens)
        drafts = Drafts(db, screens, corrections, reads, clock)
        own = NotedElsewhere(db, screens, corrections).take_off, saved.refresh, figures.refresh
        self.refresher = refresher = DeskRefresher(screens, reads, saved, figures.refresh_floor, own)
        notes = NoteDesk(
            db, calls.journal, screens, drafts, refresher, wrap_up, put, outbox.wake, domain, clock,
            outbox.channels,
        )  # fmt: skip
        blocking = Blocking(db, screens, clock)
        self._restore = Restore(db, screens, corrections, noted.update, blocking.restore, refresher.refresh)
        noting = NoteCommands(screens, notes, drafts, corrections, self._restore)
        # What happens.
        health, since = outbox.health, outbox.down_since
        self._handlers = DeskHandlers(screens, drafts.find, wrap_up.until, health, watch, clock, since)
        # What is asked for.
        self._answers = AnsweredCommands(db, clock)
        commands = Commands(
            screens, self._answers, telephony.queue, noting, corrections, blocking, put, dial, clock
        )
        # The way to both.
        origins = (settings.web.public_url, *settings.desk.allowed_origins)
        self.sockets = DeskSockets(self.hub, commands, settings.desk, origins, clock, sessions.used)
        self._pages, self._sessions = DeskPages(db, staff, self.sockets, in_time), sessions
        self.of_directory = DirectoryScreens(screens, index, pops, self._restore.restore, clock)
        self.of_floor = FloorAdapter(self.hub, staff)
        # Who tells us.
        screens.on_shown(EarlierCalls(db, screens, reads).find)
        sessions.on_ended(self.sockets.end_session)
        telephony.on_recalled(self._restore.recalled)
        outbox.on_moved(refresher.note_moved)

    async def recall(self) -> None:
        """Before the first word of the PBX: who answered the calls that may still live."""
        await self._restore.recall()

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return self._pages.routes()

    def effects(self) -> list[Binding]:
        """What moves on the screens."""
        desk = self._handlers
        return [
            on(fx.Offered, desk.offered),
            on(fx.OfferGone, desk.offer_gone),
            on(fx.Answered, desk.answered),
            on(fx.CallChanged, desk.call_changed),
            on(fx.CallEnded, desk.call_ended),
            on(fx.AgentChanged, desk.agent_changed),
            on(fx.WaitingChanged, desk.waiting_changed),
            on(fx.LinkChanged, desk.link_changed),
            on(Resynced, desk.resynced),
            on(PickFailed, desk.pick_failed),
            on(ColleagueOver, desk.colleague_over),
        ]

    def parts(self) -> list[RunningPart]:
        """What changes with the time: calls need the first of them."""
        watched = functools.partial(self._sessions.watch, self.sockets.sessions)
        return [
            RunningPart("desk", self._handlers.run, vital=True),
            RunningPart("history", self.refresher.run),
            RunningPart("sessions", watched),
        ]

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end, and what desks have asked for;
        who got no answer asks again after the start."""
        await self.reads.settle(seconds)
        await self._answers.settle(seconds)
