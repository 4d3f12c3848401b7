"""What happens to the calls of a played desk, as events."""

from __future__ import annotations

from typing import Any, Literal

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.projection import find_open_call
from tests.desk_face import sample_views

Steps = Literal["held", "ringing", "answered", "consulting", "connecting", "returning"]
TALK = ["ring", "hold", "ask_colleague", "hang_up", "save_draft", "save_note"]
NOTE = ["save_draft", "save_note"]
CORRECT = [*NOTE, "put_away"]
MAY: dict[str, list[str]] = {
    "held": ["ring", "back"],
    "ringing": ["back", "cancel"],
    "answered": ["switch", "back", "cancel"],
    "consulting": ["connect", "back"],
    "connecting": [],
    "returning": [],
}


class Story:
    """Whoever plays the desk has its picture, and tells events."""

    picture: p.Snapshot
    addresses: bool = True
    history: list[tuple[int, p.Event]]

    async def emit(self, event: p.Event) -> None:
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        return self.picture.me.state in {"talking", "ringing"}

    async def me(self, state: Any, reason: Any = "") -> None:
        await self.emit(p.Me(p.AgentView(state, reason, sample_views.now())))

    async def pause_after(self, reason: Any) -> None:
        """A pause that begins when the call is over, or none."""
        await self.emit(p.Me(replace(self.picture.me, after=reason)))

    def view(self, call: str) -> p.CallView:
        found = find_open_call(self.picture, call)
        assert found, f"no call {call} on the desk"
        return found.view

    async def offer(self, pop: p.ScreenPop, earlier: list[p.EarlierCallView] | None = None) -> None:
        view = p.CallView(pop.call, "offered", sample_views.now(), None, None, None, None, [], None, [])
        await self.emit(p.Me(p.AgentView("ringing", "", sample_views.now())))
        await self.emit(p.Offer(pop, view, None, earlier or []))

    async def talk(self, call: str, tried: list[p.TriedView] | None = None) -> None:
        view = self.view(call)
        since = view.answered_at or sample_views.now()
        done = view.tried if tried is None else tried
        await self.emit(
            p.Call(
                replace(
                    view,
                    phase="talking",
                    since=since,
                    answered_at=since,
                    put_through=None,
                    tried=done,
                    may=TALK,
                )
            )
        )
        await self.emit(p.Me(p.AgentView("talking", "", since)))

    async def through(
        self,
        call: str,
        step: Steps,
        employee: str | None = None,
        *,
        mode: Literal["hold", "talk"] | None = None,
        tried: tuple[p.TriedView, ...] = (),
    ) -> None:
        """The put-through moves to `step`; who is rung and what was tried stays unless given."""
        found = find_open_call(self.picture, call)
        assert found
        old = found.view.put_through
        names = {e.id: e for e in found.pop.employees}
        current = employee or (old.current if old else None)
        how = mode or (old.mode if old else "hold")
        rest = [i for i in names[current].tries if i != current] if current and not tried else []
        caller = f"{found.pop.caller.name} von der {found.pop.caller.company}"
        say = f"In der Leitung ist {caller}. Nehmen Sie das Gespräch?" if current else ""
        hold = (
            None
            if how == "talk" and step in ("ringing", "answered")
            else (old and old.hold_since) or sample_views.now()
        )
        done = [*(old.tried if old else []), *tried]
        put = p.PutThroughView(
            step,
            how,
            sample_views.now(),
            hold,
            current,
            names[current].name if current else "",
            bool(tried),
            done,
            rest,
            say,
            MAY[step],
        )
        await self.emit(
            p.Call(
                replace(
                    found.view, phase="putting_through", put_through=put, tried=done, may=[*MAY[step], *NOTE]
                )
            )
        )

    async def joined(self, call: str) -> None:
        view = self.view(call)
        who = view.put_through.current if view.put_through else None
        await self.emit(
            p.Call(
                replace(
                    view,
                    phase="joined",
                    since=sample_views.now(),
                    put_through=None,
                    joined_with=who,
                    may=NOTE,
                )
            )
        )
        await self.emit(p.Me(p.AgentView("wrap_up", "", sample_views.now(), sample_views.ago(-20))))

    async def end(self, call: str) -> None:
        found = find_open_call(self.picture, call)
        assert found
        if found.view.noted and not _changed(found):
            await self.emit(p.CallClosed(call))
            return
        view = replace(
            self.view(call),
            phase="ended",
            since=sample_views.now(),
            ended_at=sample_views.now(),
            end_reason="caller",
            put_through=None,
        )
        if view.noted:
            view = replace(view, correction=view.noted, noted=None, end_reason=None)
        may = CORRECT if view.correction else [*NOTE, "close_call"]
        await self.emit(p.Call(replace(view, may=may)))
        await self.emit(p.Me(p.AgentView("wrap_up", "", sample_views.now(), sample_views.ago(-20))))

    async def type(self, draft: p.DraftView) -> None:
        """Letters; those of a call that has left the screen lay its note open again."""
        note = next((n for n in self.picture.notes if n.call == draft.call), None)
        if find_open_call(self.picture, draft.call) is None and note:
            await self.lay_open(note.id, draft)
        else:
            await self.emit(p.Draft(draft))

    async def lay_open(self, note: str, draft: p.DraftView | None = None) -> None:
        """One of the last notes, for correction."""
        call = next(n.call for n in self.picture.notes if n.id == note)
        body = p.NoteBody("Sabine Krause", "Krause Logistik", "030 23125077", "Bittet um Rückruf.")
        body = replace(body, recipients=["beispiel"], fields={"kundennr": "4711"})
        version = p.NoteVersionView(sample_views.ago(900), "Anna Keller", body)
        view = p.CallView(
            call, "ended", sample_views.ago(930), None, sample_views.ago(930), None, None, [], None, CORRECT
        )
        view = replace(view, correction=p.CorrectionView(note, [version]))
        pop = sample_views.mustermann(call, caller=sample_views.KNOWN, news=[])
        await self.emit(p.Offer(pop, view, draft or p.DraftView(call, 0, body)))

    async def save(self, call: str, body: p.NoteBody) -> None:
        """A note saved in mid-call stays on the screen, and can be corrected there."""
        found = find_open_call(self.picture, call)
        assert found
        if found.view.phase == "ended":
            await self.close(call, body)
            return
        earlier = found.view.noted.versions if found.view.noted else []
        versions = [*earlier, p.NoteVersionView(sample_views.now(), "Anna Keller", body)]
        revision = found.draft.revision if found.draft else 0
        await self.emit(p.Draft(p.DraftView(call, revision + 1, body)))
        noted = p.CorrectionView(f"n-{call}-{len(versions)}", versions)
        await self.emit(p.Call(replace(found.view, noted=noted)))

    async def close(self, call: str, body: p.NoteBody) -> None:
        found = find_open_call(self.picture, call)
        assert found
        company = found.pop.company
        names = {e.id: e.name for e in found.pop.employees}
        to = ", ".join(names[i] for i in body.recipients)
        line = p.SavedNoteView(
            f"n-{call}-{len(self.history)}",
            call,
            sample_views.now(),
            company.name,
            company.hue,
            to,
            body.name,
            "waiting" if self.addresses else "none",
        )
        if not self.addresses:
            await self.emit(p.Notice("told_nobody"))
        others = [note for note in self.picture.notes if note.call != call]
        await self.emit(p.Notes([line, *others]))
        await self.emit(p.CallClosed(call))


def _changed(found: p.OpenCall) -> bool:
    """Whether something was typed since the note was saved."""
    saved = found.view.noted.versions[-1].body if found.view.noted else None
    return found.draft is not None and found.draft.body != saved
