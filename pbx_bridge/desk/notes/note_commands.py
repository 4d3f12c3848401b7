"""What is written about a call, in order for each call: no late draft may follow its note."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.notes.drafts import Drafts
from pbx_bridge.desk.notes.note_desk import Also, NoteDesk
from pbx_bridge.desk.notes.restore import Restore
from pbx_bridge.desk.notes.typed import clean, follows, says_the_same
from pbx_bridge.desk.screen.joined_drafts import merged
from pbx_bridge.desk.screen.open_call import CallOnScreen, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.notes.save_note import Invalid
from rules.model import Agent

Found = tuple[CallOnScreen, Paper]


class NoteCommands:
    """Handlers for notes and drafts. An answered call takes its note, whatever became of it meanwhile."""

    def __init__(
        self,
        screens: Screens,
        notes: NoteDesk,
        drafts: Drafts,
        corrections: Corrections,
        restore: Restore,
    ) -> None:
        self._screens, self._notes, self._drafts = screens, notes, drafts
        self._corrections, self._restore = corrections, restore
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def save_draft(self, agent: Agent, command: p.SaveDraft) -> Refused | None:
        """As typed, to the other tabs at once; acknowledged when it is stored. What was typed without knowing
        the newest draft is not taken: the tab has it, or gets it, and sends both."""
        draft = p.DraftView(command.call, command.revision, clean(command.body))
        async with self._turn(command.call):
            found = self._own(agent, command.call)
            if isinstance(found, Refused):
                return await self._late(agent, command, draft, found)
            open_call, paper = found
            taken = self._follows(open_call, agent, draft, command.base)
            in_note = (
                open_call.owner == agent.id
                and paper.corrects
                and _is_in(draft.body, paper.corrects, open_call)
            )
            if in_note and (taken or command.base is None):
                self._screens.draft(agent, draft)  # so that no tab shows what was taken back
                open_call.typed = False
                await self._notes.drop_draft(open_call, paper)
                return Refused("already_noted")
            if not taken:
                return self._outdated(open_call, agent)
            open_call.typed = open_call.settled
            return await self._typed(found, agent, command, draft)

    def check(self, agent: Agent, command: p.CheckNote) -> p.Answer | Refused:
        """How it would be read; nothing happens."""
        found = self._own(agent, command.call)
        if isinstance(found, Refused):
            return found
        return self._notes.check(found[0], agent, found[1], replace(command, body=clean(command.body)))

    async def save_note(self, agent: Agent, command: p.SaveNote, also: Also) -> Refused | Invalid | None:
        """The note and its notifications; the call leaves the screen when nothing else holds it there."""
        command = replace(command, body=clean(command.body))
        async with self._turn(command.call):
            found = await self._found(agent, command.call)
            if isinstance(found, Refused):
                found = await self._late_note(agent, command, found)
            if isinstance(found, Refused):
                return found
            open_call, paper = found
            if (
                open_call.owner == agent.id
                and paper.corrects
                and _is_in(command.body, paper.corrects, open_call)
            ):
                return Refused("already_noted")
            if paper.corrects and self._knows_no_note(open_call, agent, command, paper.corrects):
                return Refused("draft_outdated")
            return await self._notes.save(open_call, agent, paper, command, also)

    async def close_call(self, agent: Agent, command: p.CloseCall, also: Also) -> Refused | CallOnScreen:
        """No note, and why; the call that was left."""
        async with self._turn(command.call):
            found = await self._found(agent, command.call)
            if isinstance(found, Refused):
                return found
            refused = await self._notes.close(found[0], agent, found[1], command, also)
            return found[0] if refused is None else refused

    async def put_away(self, agent: Agent, command: p.PutAway) -> Refused | None:
        """The correction is not wanted after all."""
        async with self._turn(command.call):
            found = self._own(agent, command.call)
            if isinstance(found, Refused):
                return found
            return await self._corrections.put_away(found[0], agent)

    # ---- whose it is

    def _turn(self, call_id: str) -> asyncio.Lock:
        """What changes the notes of a call comes one after the other; forgotten when nobody needs it."""
        return self._turns.setdefault(call_id, asyncio.Lock())

    def _own(self, agent: Agent, call_id: str) -> Found | Refused:
        """What this agent writes about a call on their screen."""
        open_call = self._screens.on_screen(call_id)
        if open_call is None:
            return Refused("unknown_call")
        paper = open_call.paper(agent.id)
        return Refused("not_yours") if paper is None else (open_call, paper)

    async def _found(self, agent: Agent, call_id: str) -> Found | Refused:
        """Also what is on no screen of theirs, though it should be."""
        found = self._own(agent, call_id)
        if not isinstance(found, Refused) or found.code != "unknown_call":
            return found
        refused = await self._restore.bring_back(agent, call_id)
        return self._own(agent, call_id) if refused is None else refused

    async def _late_note(self, agent: Agent, command: p.SaveNote, refused: Refused) -> Found | Refused:
        """Saved when the call had just left the screen: as a correction, if the agent's own note is stored
        and says something else; else the words follow the call to the colleague."""
        draft = p.DraftView(command.call, command.revision or 0, command.body)
        if await self._follow(agent, draft):
            return refused
        opened = await self._drafts.take_late(agent, draft, command.base, newer=True)
        if opened is not None:
            return opened if opened.code == "draft_outdated" else refused
        return self._own(agent, command.call)

    async def _late(
        self, agent: Agent, command: p.SaveDraft, draft: p.DraftView, refused: Refused
    ) -> Refused | None:
        """Words that were on their way when the call left the screen."""
        if await self._follow(agent, draft):
            return None
        if refused.code == "unknown_call" and await self._restore.bring_back(agent, draft.call) is None:
            return await self._typed_on(agent, command, draft)
        taken = await self._drafts.take_late(agent, draft, command.base)
        return refused if taken is not None and taken.code == "unknown_call" else taken

    async def _typed_on(self, agent: Agent, command: p.SaveDraft, draft: p.DraftView) -> Refused | None:
        """Into a call that has just been laid open again."""
        found = self._own(agent, draft.call)
        if isinstance(found, Refused):
            return found
        if not self._follows(found[0], agent, draft, command.base):
            return self._outdated(found[0], agent)
        return await self._typed(found, agent, command, draft)

    # ---- which draft counts

    def _newest(self, open_call: CallOnScreen, agent: Agent) -> int:
        shown = self._screens.shown_draft(open_call, agent.id)
        return shown.revision if shown else 0

    def _follows(self, open_call: CallOnScreen, agent: Agent, draft: p.DraftView, base: int | None) -> bool:
        return follows(self._newest(open_call, agent), draft.revision, base)

    def _outdated(self, open_call: CallOnScreen, agent: Agent) -> Refused:
        return Refused("draft_outdated", {"revision": str(self._newest(open_call, agent))})

    async def _typed(
        self, found: Found, agent: Agent, command: p.SaveDraft, draft: p.DraftView
    ) -> Refused | None:
        """On all screens of its agent, and stored."""
        open_call, paper = found
        self._screens.draft(agent, draft)
        open_call.typed_by[agent.id] = (draft.revision, command.id)
        return await self._notes.save_draft(open_call, agent, paper, draft, command.base)

    def _knows_no_note(
        self, open_call: CallOnScreen, agent: Agent, command: p.SaveNote, noted: p.CorrectionView
    ) -> bool:
        """Another tab has saved just now: these words would take back what it has noted."""
        shown = self._screens.shown_draft(open_call, agent.id)
        if command.base is None or shown is None or command.base >= shown.revision:
            return False
        own = open_call.came_by(agent.id, shown.revision, command.drafts)
        return not own and _is_in(shown.body, noted, open_call)

    async def _follow(self, agent: Agent, draft: p.DraftView) -> bool:
        """A colleague has just answered: the last words follow the call, and what the colleague has typed
        meanwhile stays. Whether there is somebody who needs them."""
        open_call = self._screens.on_screen(draft.call)
        handed = open_call.handed.get(agent.id) if open_call else None
        owner = self._screens.staff.agent(open_call.owner) if open_call else None
        paper = open_call.paper(owner.id) if open_call and owner else None
        if open_call is None or handed is None or owner is None or paper is None or open_call.settled:
            return False
        before, empty = handed.draft, p.NoteBody()
        theirs = self._screens.shown_draft(open_call, owner.id)
        body = merged(before.body if before else empty, theirs.body if theirs else empty, draft.body)
        revision = max(theirs.revision if theirs else 0, draft.revision) + 1
        if body == (theirs.body if theirs else empty):
            return True
        joined = p.DraftView(draft.call, revision, body)
        self._screens.draft(owner, joined)
        return await self._notes.save_draft(open_call, owner, paper, joined) is None


def _is_in(body: p.NoteBody, noted: p.CorrectionView, open_call: CallOnScreen) -> bool:
    put_through = open_call.transfer.joined or bool(open_call.transfer.joined_with)
    return says_the_same(body, noted.versions[-1].body, put_through=put_through)
