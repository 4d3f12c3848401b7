"""From typed to stored: drafts, notes with all they set in motion, calls left without a note."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from pbx_bridge.calls.commands import NoteDone
from pbx_bridge.calls.journal import Journal, row_of
from pbx_bridge.delivery.save_note import Invalid, NoteInput, reading, save_note
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.case import Case
from pbx_bridge.desk.history import History
from pbx_bridge.desk.screens import Screens
from pbx_bridge.desk.wrap_up import WrapUp
from pbx_bridge.errors import Refused
from pbx_bridge.storage import calls, notes
from pbx_bridge.storage.engine import Database, StorageUnavailable
from rules.model import Agent
from rules.note_fields import CALLBACK, COMPANY, CONCERN, NAME
from rules.phone_numbers import international

JOURNAL_SECONDS = 2.0
"""A note needs its call's row; the journal has it within milliseconds, unless the database is away."""

FORM_NAMES = MappingProxyType({CALLBACK: "callback"})
"""Names of the rules' fields where the desk's form has another one."""


class NoteDesk:
    """`saved` is told when there is something to deliver; `put` hands `NoteDone` to the dispatcher."""

    def __init__(
        self,
        db: Database,
        journal: Journal,
        screens: Screens,
        history: History,
        wrap_up: WrapUp,
        put: Callable[[NoteDone], None],
        saved: Callable[[], None],
        sender_domain: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._journal, self._screens, self._history = db, journal, screens, history
        self._wrap_up, self._put, self._saved = wrap_up, put, saved
        self._sender_domain, self._clock = sender_domain, clock
        self.corrections, self.blocking = history.corrections, history.blocking

    async def save_draft(self, agent: Agent, draft: p.DraftView) -> Refused | None:
        """Stored when this returns None. Raises StorageUnavailable."""
        await self._row_is_there()
        async with self._db.write() as conn:
            if case := self._screens.case(draft.call):
                await calls.insert(
                    conn, row_of(case.call, agent.id)
                )  # there already, unless the journal lost it
            await self._history.save_draft(conn, agent, draft)
        return None

    async def save(self, case: Case, agent: Agent, command: p.SaveNote) -> Refused | Invalid | None:
        """Note, recipients and notifications in one transaction. A second note of one call is refused."""
        await self._row_is_there()
        typed = self._input(case, agent, command.body)
        if case.correction is not None:
            typed = _corrected(typed, case.correction)
        result = await save_note(self._db, typed, self._clock(), self._sender_domain)
        if isinstance(result, Refused) and await self._was_missing(case, agent):
            result = await save_note(self._db, typed, self._clock(), self._sender_domain)
        if isinstance(result, Invalid):
            return Invalid(_form(result.fields))
        if isinstance(result, Refused):
            return Refused("already_noted") if result.code == "note_exists" else result
        self._saved()
        self._done(case, agent)
        return None

    def check(self, case: Case, agent: Agent, command: p.CheckNote) -> p.Answer:
        """How the note would be read, and what is wrong with it; nothing is stored."""
        typed = self._input(case, agent, command.body)
        typed = _corrected(typed, case.correction) if case.correction else typed
        read = reading(typed, self._clock())
        understood = {"callback": international(read.callback_number)} if read.callback_number else {}
        if read.callback_by:
            understood["callback_by"] = read.callback_by.isoformat()
        understood |= {"callback_wanted": "yes"} if read.callback_wanted else {}
        understood |= {"concern": "no_callback"} if read.says_no else {}
        return p.Answer(command.id, ok=True, fields=_form(read.errors), read=understood)

    async def close(self, case: Case, agent: Agent, command: p.CloseCall) -> Refused | None:
        """The call is over and nothing was written down; the reason is stored, the draft is not kept."""
        if case.call.live or case.correction is not None:
            return Refused("not_now")
        await self._row_is_there()
        async with self._db.write() as conn:
            await calls.set_outcome(conn, case.call.id, calls.Outcome.CLOSED, command.reason)
            await notes.delete_draft(conn, case.call.id)
        self._done(case, agent)
        return None

    def _input(self, case: Case, agent: Agent, body: p.NoteBody) -> NoteInput:
        standard = {NAME: body.name, COMPANY: body.company, CALLBACK: body.callback, CONCERN: body.concern}
        return NoteInput(
            call_id=case.call.id,
            agent_id=agent.id,
            agent_name=agent.name,
            arrived_at=case.call.arrived_at,
            customer=self._screens.index.customer(case.call.customer_id),
            caller=case.call.caller,
            values=standard | {key: text for key, text in body.fields.items() if key not in standard},
            recipients=tuple(body.recipients),
            urgent=body.urgent,
            callback_by=body.callback_by,
            message_to_caller=body.message_to_caller,
            put_through_to=case.through.joined_with,
            tried=tuple((tried.name, tried.result) for tried in case.through.tried),
            callback_wanted=body.callback_wanted,
            asked_for=case.through.asked_for,
        )

    def _done(self, case: Case, agent: Agent) -> None:
        self._history.refresh_soon(agent)
        if case.correction is not None:
            self._screens.put_away(case.call.id)
            return
        self._screens.noted(case.call.id)
        self._put(NoteDone(case.call.pbx_call))
        if not self._screens.has_newer(case):  # else this time is for the newer call's note
            self._wrap_up.note_saved(agent.interface)

    async def _was_missing(self, case: Case, agent: Agent) -> bool:
        """A call that the journal lost takes no note, and looks like one that has its note: no reason to lose
        this one."""
        async with self._db.write() as conn:
            return await calls.insert(conn, row_of(case.call, agent.id))

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
