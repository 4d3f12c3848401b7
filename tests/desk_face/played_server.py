"""Plays the desk's server: numbers events, resumes, answers commands once, records what was asked for."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import WSMsgType, web
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.typed import follows
from pbx_bridge.desk.stream.projection import find_open_call, fold
from rules.notes.callback import says_no, wanted
from rules.notes.callback_time import understand
from rules.text.names import fold as folded
from rules.text.phone_numbers import international, to_e164
from tests.desk_face import sample_views
from tests.desk_face.story import Story

decode = msgspec.json.Decoder(p.ClientCommand).decode


def read(body: p.NoteBody) -> dict[str, dict[str, str]]:
    """How the real desk would read it: its own rules."""
    fields: dict[str, str] = {}
    found: dict[str, str] = {}
    number, due = to_e164(body.callback), understand(body.callback_by, sample_views.now(), "Europe/Berlin")
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


def _fits(parts: list[str], text: str) -> bool:
    words = folded(text).replace("?", " ").replace(".", " ").split()
    return all(any(word.startswith(part) for word in words) for part in parts)


class PlayedServer(Story):
    """One agent's desk. `commands`: all that the page sent; `deaf`: command types that get no answer, `down`:
    that are refused as `unknown` says; `addresses`: whether notes reach anybody; `everybody`, `answered`: of
    a big company, found while `gate` is open."""

    def __init__(self, picture: p.Snapshot, locale: str = "de") -> None:
        self.picture = picture
        self.locale = locale
        self.epoch = "e1"
        self.seq = 0
        self.history: list[tuple[int, p.Event]] = []
        self.commands: list[p.Command] = []
        self.answers: dict[str, p.Answer] = {}
        self.refuse: dict[str, p.Answer] = {}
        self.deaf: set[str] = set()
        self.addresses = True
        self.down: set[str] = set()
        self.unknown = "storage_down"
        self.agent = "Anna Keller"
        self.sockets: set[web.WebSocketResponse] = set()
        self.open_for_business = True
        self.beat_seconds = 5.0
        self.everybody: list[p.EmployeeView] = []
        self.answered: list[p.FaqView] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.finding: list[asyncio.Task[None]] = []

    # ---------------------------------------------------------------------- the wire

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """The desk's WebSocket: hello, then what was missed or a snapshot, then events."""
        if not self.open_for_business:
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        missed = self._missed(request.query.get("epoch"), int(request.query.get("seq", "0")))
        hello = p.Hello(
            self.epoch,
            self.seq,
            missed is not None,
            sample_views.now(),
            self.agent,
            self.locale,
            self.beat_seconds,
        )
        await self._send(ws, hello)
        for seq, event in [(self.seq, self.picture)] if missed is None else missed:
            await self._send(ws, p.Numbered(seq, event))
        self.sockets.add(ws)
        beating = asyncio.create_task(self._beat(ws))
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._take(ws, decode(message.data))
        finally:
            beating.cancel()
            self.sockets.discard(ws)
        return ws

    async def _beat(self, ws: web.WebSocketResponse) -> None:
        for n in itertools.count(1):
            await asyncio.sleep(self.beat_seconds)
            await self._send(ws, p.Beat(n, self.seq, sample_views.now()))

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

    async def say(self, answer: p.Answer) -> None:
        """To whoever asked, after all."""
        for ws in set(self.sockets):
            await self._send(ws, answer)

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
        if isinstance(command, p.Find):
            self.finding.append(asyncio.create_task(self._find(ws, command)))
            return
        tag = str(command.__struct_config__.tag)
        if tag in self.deaf:
            return
        down = p.Answer("", False, self.unknown) if tag in self.down else None
        answer = self.refuse.pop(tag, None) or down or self._refused(command)
        answer = replace(answer, id=command.id) if answer else p.Answer(command.id, True)
        if isinstance(command, p.CheckNote):
            answer = replace(answer, **read(command.body))
        self.answers[command.id] = answer
        if answer.ok and (act := self._acts().get(type(command))):
            await act(command)
        await self._send(ws, answer)

    async def _find(self, ws: web.WebSocketResponse, command: p.Find) -> None:
        """Among all who work at the big company, as soon as the gate is open."""
        await self.gate.wait()
        parts = folded(command.query).split()
        named = [one for one in self.everybody if parts and _fits(parts, one.name)]
        people = [one for one in self.everybody if one.id in command.ids] or named
        faq = [one for one in self.answered if _fits(parts, f"{one.question} {one.answer}")]
        found = {"faq": faq[:50]} if command.what == "faq" else {"employees": people[:50]}
        total = len(faq if command.what == "faq" else people)
        await self._send(ws, replace(p.Answer(command.id, True, total=total), **found))

    def _refused(self, command: p.Command) -> p.Answer | None:
        """A draft that another tab has overtaken, by the real desk's rule."""
        if not isinstance(command, p.SaveDraft):
            return None
        found = find_open_call(self.picture, command.call)
        newest = found.draft.revision if found and found.draft else 0
        outdated = p.Answer("", False, "draft_outdated", {"revision": str(newest)})
        return None if follows(newest, command.revision, command.base) else outdated

    def _acts(self) -> dict[type, Callable[[Any], Any]]:
        return {
            p.Ready: lambda _: self.pause_after("") if self.busy else self.me("ready"),
            p.Pause: lambda c: self.pause_after(c.reason) if self.busy else self.me("paused", c.reason),
            p.SignOut: lambda _: self.emit(p.Me(p.AgentView("signed_out", "", sample_views.now()))),
            p.Hold: lambda c: self.through(c.call, "held"),
            p.Ring: lambda c: self.through(c.call, "ringing", c.employee, mode=c.mode),
            p.Switch: lambda c: self.through(c.call, "consulting"),
            p.Connect: lambda c: self.joined(c.call),
            p.Back: lambda c: self.talk(c.call),
            p.Cancel: lambda c: self.talk(c.call),
            p.SaveDraft: lambda c: self.type(p.DraftView(c.call, c.revision, c.body)),
            p.SaveNote: lambda c: self.save(c.call, c.body),
            p.CloseCall: lambda c: self.emit(p.CallClosed(c.call)),
            p.CorrectNote: lambda c: self.lay_open(c.note),
            p.PutAway: lambda c: self.emit(p.CallClosed(c.call)),
        }
