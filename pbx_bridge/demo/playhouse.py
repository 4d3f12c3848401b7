"""The verbs of a scenario: somebody calls, an agent answers, an employee picks up, a note is saved."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from pbx_bridge.asterisk.far_end import FarEndCaller, Handset
from pbx_bridge.demo.desk_client import PATIENCE, Desk
from pbx_bridge.demo.hearing import Hearing, in_words
from pbx_bridge.demo.live_call import LiveCall
from pbx_bridge.demo.mail_sink import Mail
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial
from pbx_bridge.demo.sms_centre import Sms
from pbx_bridge.demo.stage import DemoStage
from pbx_bridge.desk import protocol as p
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from rules.model import Customer, Employee

LOOK_SECONDS = 0.02
BREATH_SECONDS = 0.2
Found = TypeVar("Found")


class Playhouse:
    """Stage, desks and database of one check."""

    def __init__(
        self, stage: DemoStage, anna: Desk, ben: Desk, db: Database, companies: Iterable[Customer]
    ) -> None:
        self.stage, self.far, self.anna, self.ben, self.db = stage, stage.far, anna, ben, db
        self.companies = {company.name: company for company in companies}
        self._people = {person.name: person for company in companies for person in company.employees}
        self._callers: list[FarEndCaller] = []
        self._rings: dict[str, int] = {}
        self._marks = itertools.count(1)
        phones = {desk.who.name: desk.who.phone for desk in (anna, ben)}
        phones |= {name: digits(person) for name, person in self._people.items() if person.extension}
        self._hearing = Hearing(self.far, phones, self._callers)

    # ---- before and after

    async def begin(self) -> None:
        """Every phone rings until it is told what to do; both agents are ready."""
        self._rings = {name: self.phone(name).rings for name in self._people}
        for person in self._people.values():
            if person.extension:
                await self.far.behave(digits(person), "ring")
        for desk in (self.anna, self.ben):
            await self.far.behave(desk.who.phone, "ring")
            await self.ready(desk)

    async def end(self) -> None:
        """Callers hang up, then whoever is left on a line; every open call is closed."""
        for caller in self._callers:
            await self.far.hang_up(caller)
            await self.far.over(caller)
        self._callers.clear()
        for number in (self.anna.who.phone, self.ben.who.phone, *self.extensions()):
            if self.far.phone(number).channel:
                await self.far.hang_up(number)
                await self.far.over(number)
        for desk in (self.anna, self.ben):
            await self._clear(desk)

    async def _clear(self, desk: Desk) -> None:
        await desk.until(_closable, "calls that are over")
        for call in list(desk.picture.calls):
            await desk.ask(p.CloseCall, call=call.view.call, reason="other")
        await desk.until(lambda now: not now.calls, "an empty screen")

    # ---- callers

    async def calls(self, dial: Dial) -> FarEndCaller:
        """Somebody calls."""
        caller = await self.far.call(
            dial.line.lstrip("+"), dial.number, dial.name, withheld=dial.withheld, **dial.headers
        )
        self._callers.append(caller)
        return caller

    async def offered(self, caller: FarEndCaller, desk: Desk) -> LiveCall:
        """The one call that is being offered at this desk."""
        now = await desk.until(_offers, "an offered call")
        return LiveCall(caller, desk, _offers(now)[0].view.call)

    async def rings(self, dial: Dial, desk: Desk | None = None) -> LiveCall:
        """Somebody calls, and it rings at this desk (Anna's) and at all that are ready."""
        desk = desk or self.anna
        caller = await self.calls(dial)
        call = await self.offered(caller, desk)
        await self.far.rang(desk.who.phone)
        return call

    async def talks(self, dial: Dial, desk: Desk | None = None) -> LiveCall:
        """Somebody calls, and this agent answers."""
        call = await self.rings(dial, desk)
        await self.answer(call)
        return call

    async def answer(self, call: LiveCall) -> None:
        """The agent of this desk takes the receiver."""
        await self.far.pick_up(call.desk.who.phone)
        await self.phase(call, "talking")

    # ---- agents

    async def ready(self, desk: Desk) -> None:
        """In the queue and free."""
        if desk.picture.me.state != "ready":
            await desk.ask(p.Ready)
        await desk.until(lambda now: now.me.state == "ready", "ready")

    async def pause(self, desk: Desk) -> None:
        await desk.ask(p.Pause, reason="break")
        await desk.until(lambda now: now.me.state == "paused", "paused")

    async def phase(self, call: LiveCall, *wanted: str) -> None:
        """Wait for this phase of the call; "gone" = it has left the screen."""
        await call.desk.until(lambda _: call.phase in wanted, " or ".join(wanted))

    async def step(self, call: LiveCall, *wanted: str) -> None:
        """Wait for this step of the put-through."""
        await call.desk.until(lambda _: call.step in wanted, " or ".join(wanted))

    # ---- put-through

    async def ask_for(self, call: LiveCall, name: str, mode: str = "hold") -> p.Answer:
        """The agent asks for this employee."""
        wish = {"call": call.id, "employee": self.person(name).id, "mode": mode}
        answer = await call.desk.ask(p.Ring, **wish)
        if answer.code == "not_now":  # no person asks within the milliseconds until the speech path stands
            await asyncio.sleep(BREATH_SECONDS)
            answer = await call.desk.ask(p.Ring, **wish)
        return answer

    async def rung(self, name: str) -> Handset:
        """Wait until this employee's phone rings, or see that it did."""
        before = self._rings[name]

        async def rang() -> Handset | None:
            handset = self.phone(name)
            return handset if handset.rings > before else None

        return await _seen(rang, f"{name}'s phone ringing")

    async def picks_up(self, call: LiveCall, name: str) -> None:
        """The employee's phone rings and is answered; agent and employee talk."""
        await self.rung(name)
        await self.far.pick_up(digits(self.person(name)))
        await self.step(call, "consulting", "answered")

    async def connects(self, call: LiveCall) -> None:
        """Caller and employee together."""
        await call.desk.ask(p.Connect, call=call.id)
        await self.phase(call, "joined")

    async def switch(self, call: LiveCall) -> None:
        """To the employee who has picked up; the caller goes on hold."""
        await call.desk.ask(p.Switch, call=call.id)
        await self.step(call, "consulting")

    async def back(self, call: LiveCall) -> None:
        """Back to the caller."""
        await call.desk.ask(p.Back, call=call.id)
        await self.phase(call, "talking")

    async def leave(self, call: LiveCall) -> None:
        """The caller hangs up, no note is taken, the agent is free again."""
        await self.far.hang_up(call.caller)
        await self.phase(call, "ended")
        await call.desk.ask(p.CloseCall, call=call.id, reason="other")
        await self.ready(call.desk)

    # ---- notes and what comes of them

    async def note(self, call: LiveCall, *to: str, **body: object) -> p.Answer:
        """The agent saves the note."""
        recipients = [self.person(name).id for name in to]
        return await call.desk.ask(p.SaveNote, call=call.id, body=p.NoteBody(recipients=recipients, **body))  # type: ignore[arg-type]  # names of NoteBody

    async def mail_to(self, address: str, containing: str) -> Mail:
        """Wait for the mail to this address in whose text this stands."""
        mails = self.stage.mail.mails

        async def come() -> Mail | None:
            return next((m for m in mails if address in m.to and containing in m.text), None)

        return await _seen(come, f"a mail to {address} with “{containing}”")

    async def sms_to(self, name: str, after: int, place: int = 0) -> Sms:
        """Wait for a newer SMS than number `after` on this employee's phone, delivered."""
        mobile = self.person(name).mobile

        async def newer() -> Sms | None:
            fitting = [s for s in self.stage.sms.messages if s.id > after and s.to == mobile and s.delivered]
            return fitting[::-1][place] if len(fitting) > place else None

        return await _seen(newer, f"an SMS to {name}")

    async def outcome(self, call: LiveCall) -> str:
        """How the database will keep this call, as soon as it is decided."""

        async def decided() -> str | None:
            async with self.db.read() as conn:
                stored = await calls.by_id(conn, call.id)
            return stored.outcome if stored and stored.outcome != "open" else None

        return await _seen(decided, "an outcome of the call")

    async def is_unassigned(self, call: LiveCall) -> bool:
        """The operator finds it among the calls that belong to nobody."""

        async def entered() -> bool | None:
            async with self.db.read() as conn:
                return any(entry.id == call.id for entry in await calls.unassigned(conn)) or None

        return await _seen(entered, "the call among the unassigned ones")

    def mark(self) -> str:
        """A word that is in no other text of this check."""
        return f"Vorgang {next(self._marks):03d}"

    def sms_count(self) -> int:
        """Number of the newest SMS."""
        return self.stage.sms.messages[0].id if self.stage.sms.messages else 0

    # ---- who is who

    def person(self, name: str) -> Employee:
        return self._people[name]

    def phone(self, name: str) -> Handset:
        """The telephone of this employee."""
        return self.far.phone(digits(self.person(name)))

    def number(self, name: str) -> str:
        """The extension of this employee as the far end knows it."""
        return digits(self.person(name))

    def extensions(self) -> tuple[str, ...]:
        return tuple(digits(person) for person in self._people.values() if person.extension)

    async def hears(self, who: FarEndCaller | str, *wanted: FarEndCaller | str) -> str:
        """Whom a caller, or somebody by name, hears; `demo.hearing`."""
        return await self._hearing.of(who, *wanted)

    async def converse(self, said: Protocol, one: FarEndCaller | str, other: FarEndCaller | str) -> None:
        """Promise that these two hear each other, and nobody else."""
        for ear, source in ((one, other), (other, one)):
            said.expect(in_words(ear), "hears", in_words(source), await self.hears(ear, source))


async def _seen(look: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """Look again and again until something is there. Raises TimeoutError, which says what did not come."""
    end = time.monotonic() + PATIENCE
    while (found := await look()) is None:
        if time.monotonic() > end:
            raise TimeoutError(f"Not within {PATIENCE:g} s: {what}")
        await asyncio.sleep(LOOK_SECONDS)
    return found


def digits(person: Employee) -> str:
    """The extension as the far end knows it."""
    return person.extension.lstrip("+")


def _closable(picture: p.Snapshot) -> bool:
    return all(call.view.ended_at for call in picture.calls)  # "ended" alone may mean: back in the queue


def _offers(picture: p.Snapshot) -> list[p.OpenCall]:
    return [call for call in picture.calls if call.view.phase == "offered"]
