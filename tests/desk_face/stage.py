"""Plays the desk's server: numbers events, resumes, answers commands once, records what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
from aiohttp import WSMsgType, web
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.picture import fold, open_call
from rules.callback import says_no, wanted
from rules.phone_numbers import international, to_e164
from rules.when import understand
from tests.desk_face import cast

Steps = Literal["held", "ringing", "answered", "consulting", "connecting", "returning"]
TALK = ["ring", "hold", "hang_up", "save_draft", "save_note"]
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
decode = msgspec.json.Decoder(p.ClientCommand).decode


def read(body: p.NoteBody) -> dict[str, dict[str, str]]:
    """How the real desk would read it: its own rules."""
    fields: dict[str, str] = {}
    found: dict[str, str] = {}
    number, due = to_e164(body.callback), understand(body.callback_by, cast.now(), "Europe/Berlin")
    if body.callback:
        (found if number else fields)["callback"] = international(number) if number else "not_a_phone"
    if isinstance(due, datetime):
        found["callback_by"] = due.isoformat()
    elif body.callback_by:
        fields["callback_by"] = str(due.code)
    by, said = isinstance(due, datetime), body.callback_wanted
    yes = wanted(said, number=number, by=by, concern=body.concern, put_through=False)
    found |= {"callback_wanted": "yes"} if yes else {}
    found |= {"concern": "no_callback"} if says_no(body.concern) else {}
    return {"fields": fields, "read": found}


class Stage:
    """One agent's desk. `commands`: all that the page sent; `deaf`: command types that get no answer."""

    def __init__(self, picture: p.Snapshot, locale: Literal["de", "en"] = "de") -> None:
        self.picture = picture
        self.locale: Literal["de", "en"] = locale
        self.epoch = "e1"
        self.seq = 0
        self.history: list[tuple[int, p.Event]] = []
        self.commands: list[p.Command] = []
        self.answers: dict[str, p.Answer] = {}
        self.refuse: dict[str, p.Answer] = {}
        self.deaf: set[str] = set()
        self.sockets: set[web.WebSocketResponse] = set()
        self.open_for_business = True

    # ---------------------------------------------------------------------- the wire

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """The desk's WebSocket: hello, then what was missed or a snapshot, then events."""
        if not self.open_for_business:
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        missed = self._missed(request.query.get("epoch"), int(request.query.get("seq", "0")))
        await self._send(
            ws, p.Hello(self.epoch, self.seq, missed is not None, cast.now(), "Anna Keller", self.locale)
        )
        for seq, event in [(self.seq, self.picture)] if missed is None else missed:
            await self._send(ws, p.Numbered(seq, event))
        self.sockets.add(ws)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._take(ws, decode(message.data))
        finally:
            self.sockets.discard(ws)
        return ws

    def _missed(self, epoch: str | None, seq: int) -> list[tuple[int, p.Event]] | None:
        return [(n, event) for n, event in self.history if n > seq] if epoch == self.epoch else None

    async def _send(self, ws: web.WebSocketResponse, message: object) -> None:
        await ws.send_str(msgspec.json.encode(message).decode())

    async def emit(self, event: p.Event) -> None:
        """Something happened: fold it, number it, tell every tab."""
        self.picture = fold(self.picture, event)
        self.seq += 1
        self.history.append((self.seq, event))
        for ws in set(self.sockets):
            await self._send(ws, p.Numbered(self.seq, event))

    async def drop(self, *, stay_away: bool = False) -> None:
        """The network is gone; with `stay_away` it does not come back by itself."""
        self.open_for_business = not stay_away
        for ws in set(self.sockets):
            await ws.close(code=1001)

    # ---------------------------------------------------------------------- commands

    def sent(self, kind: type[p.Command]) -> list[Any]:
        """The commands of this class, in order."""
        return [command for command in self.commands if isinstance(command, kind)]

    async def _take(self, ws: web.WebSocketResponse, command: p.Command) -> None:
        if command.id in self.answers:
            await self._send(ws, self.answers[command.id])
            return
        self.commands.append(command)
        tag = str(command.__struct_config__.tag)
        if tag in self.deaf:
            return
        answer = self.refuse.pop(tag, None) or self._refused(command)
        answer = replace(answer, id=command.id) if answer else p.Answer(command.id, True)
        if isinstance(command, p.CheckNote):
            answer = replace(answer, **read(command.body))
        self.answers[command.id] = answer
        if answer.ok and (act := self._acts().get(type(command))):
            await act(command)
        await self._send(ws, answer)

    def _refused(self, command: p.Command) -> p.Answer | None:
        """A draft that another tab has overtaken, as the real desk refuses it."""
        if not isinstance(command, p.SaveDraft):
            return None
        found = open_call(self.picture, command.call)
        newest = found.draft.revision if found and found.draft else 0
        outdated = p.Answer("", False, "draft_outdated", {"revision": str(newest)})
        return outdated if newest >= command.revision else None

    def _acts(self) -> dict[type, Callable[[Any], Any]]:
        return {
            p.Ready: lambda _: self.emit(p.Me(p.AgentView("ready", "", cast.now()))),
            p.Pause: lambda c: self.emit(p.Me(p.AgentView("paused", c.reason, cast.now()))),
            p.SignOut: lambda _: self.emit(p.Me(p.AgentView("signed_out", "", cast.now()))),
            p.Hold: lambda c: self.through(c.call, "held"),
            p.Ring: lambda c: self.through(c.call, "ringing", c.employee, mode=c.mode),
            p.Switch: lambda c: self.through(c.call, "consulting"),
            p.Connect: lambda c: self.joined(c.call),
            p.Back: lambda c: self.talk(c.call),
            p.Cancel: lambda c: self.talk(c.call),
            p.SaveDraft: lambda c: self.emit(p.Draft(p.DraftView(c.call, c.revision, c.body))),
            p.SaveNote: lambda c: self.close(c.call, c.body),
            p.CloseCall: lambda c: self.emit(p.CallClosed(c.call)),
            p.CorrectNote: lambda c: self.lay_open(c.note),
            p.PutAway: lambda c: self.emit(p.CallClosed(c.call)),
        }

    # ---------------------------------------------------------------------- the story

    def view(self, call: str) -> p.CallView:
        found = open_call(self.picture, call)
        assert found, f"no call {call} on the desk"
        return found.view

    async def offer(self, pop: p.ScreenPop, earlier: list[p.EarlierCallView] | None = None) -> None:
        view = p.CallView(pop.call, "offered", cast.now(), None, None, None, None, [], None, [])
        await self.emit(p.Me(p.AgentView("ringing", "", cast.now())))
        await self.emit(p.Offer(pop, view, None, earlier or []))

    async def talk(self, call: str, tried: list[p.TriedView] | None = None) -> None:
        view = self.view(call)
        since = view.answered_at or cast.now()
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
        found = open_call(self.picture, call)
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
            else (old and old.hold_since) or cast.now()
        )
        done = [*(old.tried if old else []), *tried]
        put = p.PutThroughView(
            step,
            how,
            cast.now(),
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
                replace(view, phase="joined", since=cast.now(), put_through=None, joined_with=who, may=NOTE)
            )
        )
        await self.emit(p.Me(p.AgentView("wrap_up", "", cast.now(), cast.ago(-20))))

    async def end(self, call: str) -> None:
        view = replace(
            self.view(call),
            phase="ended",
            since=cast.now(),
            ended_at=cast.now(),
            end_reason="caller",
            put_through=None,
        )
        await self.emit(p.Call(replace(view, may=[*NOTE, "close_call"])))
        await self.emit(p.Me(p.AgentView("wrap_up", "", cast.now(), cast.ago(-20))))

    async def lay_open(self, note: str) -> None:
        """One of the last notes, for correction."""
        call = next(n.call for n in self.picture.notes if n.id == note)
        body = p.NoteBody("Sabine Krause", "Krause Logistik", "030 23125077", "Bittet um Rückruf.")
        body = replace(body, recipients=["beispiel"], fields={"kundennr": "4711"})
        version = p.NoteVersionView(cast.ago(900), "Anna Keller", body)
        view = p.CallView(call, "ended", cast.ago(930), None, cast.ago(930), None, None, [], None, CORRECT)
        view = replace(view, correction=p.CorrectionView(note, [version]))
        pop = cast.mustermann(call, caller=cast.KNOWN, news=[])
        await self.emit(p.Offer(pop, view, p.DraftView(call, 0, body)))

    async def close(self, call: str, body: p.NoteBody) -> None:
        found = open_call(self.picture, call)
        assert found
        company = found.pop.company
        names = {e.id: e.name for e in found.pop.employees}
        to = ", ".join(names[i] for i in body.recipients)
        line = p.SavedNoteView(
            f"n-{call}-{len(self.history)}",
            call,
            cast.now(),
            company.name,
            company.hue,
            to,
            body.name,
            "waiting",
        )
        others = [note for note in self.picture.notes if note.call != call]
        await self.emit(p.Notes([line, *others]))
        await self.emit(p.CallClosed(call))
