"""From typed to stored: drafts, notes with all they set in motion, calls left without a note."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import structlog
from msgspec.structs import replace as structs_replace

from pbx_bridge.calls.commands import NoteDone
from pbx_bridge.calls.journal import Journal, row_of
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.desk_refresher import DeskRefresher
from pbx_bridge.desk.notes.drafts import Drafts
from pbx_bridge.desk.notes.typed import clean, says_the_same, values_of
from pbx_bridge.desk.screen.from_storage import draft_view
from pbx_bridge.desk.screen.open_call import CallOnScreen, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.notes.save_note import Invalid, NoteInput, Saved, reading, save_note
from pbx_bridge.notes.short_note import tell_in_short
from pbx_bridge.storage.calls import call_backs, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.notes import notes
from pbx_bridge.telephony.wrap_up import WrapUp
from rules.calls.call_backs import is_ring_back
from rules.model import Agent, CallNote, Channel
from rules.notes.note_fields import CALLBACK
from rules.text.phone_numbers import international
from rules.vocabulary import CloseReason

log = structlog.get_logger(__name__)

JOURNAL_SECONDS = 5.0
"""A note needs its call's row; the journal has it within milliseconds, and at worst after a writer's turn."""

FORM_NAMES = MappingProxyType({CALLBACK: "callback"})
"""Names of the rules' fields where the desk's form has another one."""

OVERTAKEN = frozenset({"note_exists", "note_outdated"})
TRIES = 3

Also = Callable[[AsyncConnection], Awaitable[object]]
NoteWrite = Callable[[AsyncConnection, CallNote], Awaitable[None]]


class NoteDesk:
    """`saved` is told when there is something to deliver; `put` hands `NoteDone` to the dispatcher.

    `ways`: the channels that are switched on.
    """

    def __init__(
        self,
        db: Database,
        journal: Journal,
        screens: Screens,
        drafts: Drafts,
        refresher: DeskRefresher,
        wrap_up: WrapUp,
        put: Callable[[NoteDone], None],
        saved: Callable[[], None],
        sender_domain: str,
        clock: Callable[[], datetime],
        ways: Collection[Channel] = tuple(Channel),
    ) -> None:
        self._db, self._journal, self._screens = db, journal, screens
        self._drafts, self._refresher = drafts, refresher
        self._wrap_up, self._put, self._saved = wrap_up, put, saved
        self._sender_domain, self._clock, self._ways = sender_domain, clock, ways
        self._names = screens.registry.names

    # ---- drafts

    async def save_draft(
        self, open_call: CallOnScreen, agent: Agent, paper: Paper, draft: p.DraftView, base: int | None = None
    ) -> Refused | None:
        """Stored when this returns None. Raises StorageUnavailable."""
        await self._row_is_there()
        async with self._db.write() as conn:
            # There already, unless the journal lost it.
            await calls.insert(conn, row_of(open_call.call, self._names, agent.id))
            if await self._drafts.save(conn, agent, draft, paper.note, base):
                return None
            newer = await notes.draft(conn, open_call.call.id, paper.note)
        if newer is None:
            return Refused("draft_outdated", {"revision": str(draft.revision)})
        revision = max(newer.revision, draft.revision + 1)  # the screens have this one's by now
        self._screens.draft(agent, structs_replace(draft_view(newer), revision=revision))
        return Refused("draft_outdated", {"revision": str(revision)})

    async def drop_draft(self, open_call: CallOnScreen, paper: Paper) -> None:
        """What was typed after saving was taken back, so nothing is kept. Raises StorageUnavailable."""
        async with self._db.write() as conn:
            await notes.delete_draft(conn, open_call.call.id, paper.note)

    # ---- notes

    async def save(
        self, open_call: CallOnScreen, agent: Agent, paper: Paper, command: p.SaveNote, also: Also
    ) -> Refused | Invalid | None:
        """Note, recipients and notifications in one transaction, with whatever `also` does. What another
        process has stored of it meanwhile is corrected, not refused."""
        await self._row_is_there()
        result: Saved | Invalid | Refused = Refused("note_exists")
        for _ in range(TRIES):
            typed = self._input(open_call, agent, paper, command)
            writes = self._with(also, agent, self._left_open(open_call, agent, command))
            sender = (self._sender_domain, self._ways)
            result = await save_note(self._db, typed, self._clock(), *sender, also=writes)
            if not isinstance(result, Refused) or result.code not in OVERTAKEN:
                break
            paper = await self._drafts.paper_now(open_call.call.id, agent, paper)
            if paper.corrects and says_the_same(command.body, paper.corrects.versions[-1].body):
                self._settle(open_call, agent, paper.corrects)
                self._over(open_call, agent)
                return Refused("already_noted")
        if isinstance(result, Saved):
            self._done(open_call, agent, paper, command, result)
            return None
        return Invalid(_form(result.fields)) if isinstance(result, Invalid) else result

    def _left_open(self, open_call: CallOnScreen, agent: Agent, command: p.SaveNote) -> p.DraftView | None:
        """What another tab has typed since, which is not in this note."""
        shown = self._screens.shown_draft(open_call, agent.id)
        if shown is None or says_the_same(shown.body, command.body):
            return None
        if open_call.came_by(agent.id, shown.revision, command.drafts):
            return None
        known = command.revision if command.base is None else command.base
        return shown if known is not None and shown.revision > known else None

    def _with(self, also: Also, agent: Agent, left: p.DraftView | None) -> NoteWrite:
        async def writes(conn: AsyncConnection, note: CallNote) -> None:
            await also(conn)
            if left is not None:
                await self._drafts.save(conn, agent, left, note.id)

        return writes

    def check(self, open_call: CallOnScreen, agent: Agent, paper: Paper, command: p.CheckNote) -> p.Answer:
        """How the note would be read, and what is wrong with it; nothing is stored."""
        typed = self._input(open_call, agent, paper, p.SaveNote(command.id, command.call, command.body))
        read = reading(typed, self._clock())
        understood = {"callback": international(read.callback_number)} if read.callback_number else {}
        if read.callback_by:
            understood["callback_by"] = read.callback_by.isoformat()
        understood |= {"callback_wanted": "yes"} if read.callback_wanted else {}
        understood |= {"concern": "no_callback"} if read.says_no else {}
        return p.Answer(command.id, ok=True, fields=_form(read.errors), read=understood)

    async def close(
        self, open_call: CallOnScreen, agent: Agent, paper: Paper, command: p.CloseCall, also: Also
    ) -> Refused | None:
        """The call is over and nothing was written down; the reason is stored, the draft is not kept. Whoever
        took the call hears of it in any case."""
        rings_back = is_ring_back(open_call.call.pbx_call)
        not_reached = command.reason is CloseReason.NOT_REACHED
        if open_call.call.live or paper.corrects is not None or (not_reached and not rings_back):
            return Refused("not_now")
        await self._row_is_there()

        async def left(conn: AsyncConnection, tell: Callable[[], Awaitable[int]]) -> int:
            await calls.insert(conn, row_of(open_call.call, self._names, agent.id))
            told = await tell() if await calls.leave(conn, open_call.call.id, command.reason) else 0
            if not_reached:
                await call_backs.not_reached(conn, self._names.stored(open_call.call.pbx_call))
            await notes.delete_draft(conn, open_call.call.id)
            await also(conn)
            return told

        short = self._known(open_call, agent, paper)
        if await tell_in_short(self._db, short, self._clock(), self._sender_domain, left):
            self._saved()
        self._screens.noted(open_call.call.id)
        self._over(open_call, agent)
        return None

    def _input(self, open_call: CallOnScreen, agent: Agent, paper: Paper, command: p.SaveNote) -> NoteInput:
        body, customer = command.body, self._screens.index.customer(open_call.call.customer_id)
        shown = self._screens.shown_draft(open_call, agent.id)
        typed = NoteInput(
            call_id=open_call.call.id,
            agent_id=agent.id,
            agent_name=agent.name,
            arrived_at=open_call.call.arrived_at,
            customer=customer,
            caller=open_call.call.caller,
            values=values_of(body, customer, open_call.labels),
            recipients=tuple(body.recipients),
            urgent=body.urgent,
            callback_by=body.callback_by,
            message_to_caller=body.message_to_caller,
            put_through_to=open_call.transfer.joined_with,
            put_through_number=open_call.transfer.joined_number,
            tried=tuple((tried.name, tried.result) for tried in open_call.transfer.tried),
            callback_wanted=body.callback_wanted,
            asked_for=open_call.transfer.asked_for,
            joined=open_call.transfer.joined,
            call=row_of(open_call.call, self._names, agent.id),
            conversation=paper.conversation,
            revision=command.revision if command.revision is not None else shown.revision if shown else 0,
        )
        return _corrected(typed, paper.corrects) if paper.corrects else typed

    def _known(self, open_call: CallOnScreen, agent: Agent, paper: Paper) -> NoteInput:
        """Who called, as far as anybody knows: typed, known as a VIP or from earlier notes, or signalled."""
        shown, vip, before = (
            self._screens.shown_draft(open_call, agent.id),
            open_call.call.caller.vip,
            open_call.known_as,
        )
        typed = clean(shown.body) if shown else p.NoteBody()
        name = typed.name or (vip.name if vip else before.caller_name if before else "")
        company = typed.company or (before.caller_company if before and not typed.name else "")
        number = typed.callback or open_call.call.caller.number
        body = p.NoteBody(name or open_call.call.caller.display_name, company, number)
        return self._input(open_call, agent, paper, p.SaveNote("", open_call.call.id, body))

    def _done(
        self, open_call: CallOnScreen, agent: Agent, paper: Paper, command: p.SaveNote, saved: Saved
    ) -> None:
        self._saved()
        self._refresher.refresh_soon(agent)
        self._say_who_is_gone(open_call, agent, saved)
        self._say_who_hears_nothing(open_call, agent, saved)
        body = structs_replace(command.body, callback_wanted=saved.note.wants_callback)
        version = p.NoteVersionView(self._clock(), agent.name, body)
        before = paper.corrects.versions if paper.corrects else []
        noted, left = (
            p.CorrectionView(saved.note.id, [*before, version]),
            self._left_open(open_call, agent, command),
        )
        own_call = agent.id == open_call.owner
        self._settle(open_call, agent, noted, command.revision or 0, left)
        if own_call:
            self._over(open_call, agent)

    def _settle(
        self,
        open_call: CallOnScreen,
        agent: Agent,
        noted: p.CorrectionView,
        revision: int = 0,
        left: p.DraftView | None = None,
    ) -> None:
        """The screens know that it is stored."""
        if agent.id in open_call.corrections:
            self._screens.put_away(open_call.call.id, agent, noted if left else None)
        elif agent.id == open_call.owner:
            self._screens.noted(open_call.call.id, noted, revision, left)

    def _over(self, open_call: CallOnScreen, agent: Agent) -> None:
        self._refresher.refresh_soon(agent)
        self._put(NoteDone(open_call.call.pbx_call))
        if not self._screens.has_newer(open_call):  # else this time is for the newer call's note
            self._wrap_up.note_saved(agent.interface)

    def _say_who_is_gone(self, open_call: CallOnScreen, agent: Agent, saved: Saved) -> None:
        """Somebody whom the agent has named gets nothing: said at once, with who gets it instead."""
        if saved.gone and not saved.of_nobody:
            others = "others" if saved.note.recipients else "default" if saved.messages else "nobody"
            self._screens.hub.publish(agent.id, p.Notice(f"recipient_gone_{others}"))

    def _say_who_hears_nothing(self, open_call: CallOnScreen, agent: Agent, saved: Saved) -> None:
        """A note that reaches nobody is stored, and that alone helps nobody."""
        if saved.untold and (saved.of_nobody or not saved.gone):
            why = "" if not saved.of_nobody else "_gone" if open_call.call.customer_id else "_unassigned"
            self._screens.hub.publish(agent.id, p.Notice(f"told_nobody{why}"))
            log.warning("note_reaches_nobody", note=saved.note.id, customer=open_call.call.customer_id)
        elif saved.unreached:
            names = {"names": ", ".join(saved.unreached)}
            self._screens.hub.publish(agent.id, p.Notice("some_not_reached", names))

    async def _row_is_there(self) -> None:
        try:
            async with asyncio.timeout(JOURNAL_SECONDS):
                await self._journal.settled()
        except TimeoutError as error:
            raise StorageUnavailable("locked", "the journal waits for the database") from error


def _corrected(typed: NoteInput, correction: p.CorrectionView) -> NoteInput:
    """A call-back time that nobody touched stays what it was, even when it has gone by meanwhile."""
    last = correction.versions[-1]
    untouched = typed.callback_by == last.body.callback_by
    return replace(typed, replaces_id=correction.note, typed_at=last.at if untouched else None)


def _form(fields: Mapping[str, str]) -> dict[str, str]:
    """Faults by the names of the desk's form."""
    return {FORM_NAMES.get(name, name): code for name, code in fields.items()}
