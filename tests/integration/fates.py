"""Two agents in a whole house, each in a scene of their own; the service dies once, for both of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pbx_bridge.asterisk.far_end import FarEnd, FarEndCaller
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.scenes import Named
from tests.integration.whole_house import PATIENCE, WholeHouse, open_house, shows, signed_out
from tests.pbx.room import Room
from tests.until import until

"""Nothing happens by itself because this machine was busy."""
RINGS = {"anna": "Erika Beispiel", "ben": "Petra Lange"}
"""Whom each of them rings; the notes go to somebody else, for whoever has heard it all gets less."""


@dataclass
class Fate:
    """A caller whom `desk` talks to. `turn`: one call at a time comes in. `concern`: what is typed of it."""

    house: WholeHouse
    desk: Desk
    other: Desk
    number: str
    barrier: asyncio.Barrier
    turn: asyncio.Lock
    orderly: bool
    concern: str = ""
    caller: FarEndCaller = field(init=False)
    call: str = field(init=False)

    @property
    def far(self) -> FarEnd:
        return self.house.phones.far

    @property
    def employee(self) -> str:
        """Their telephone."""
        return self.house.person(RINGS[self.desk.who.login]).extension.lstrip("+")

    # ---- what happens before

    async def talk(self) -> None:
        """In conversation, and some words are typed."""
        async with self.turn:
            self.call = await self.house.talk(self.desk, number=self.number)
            self.caller = self.house.callers[-1]
        await self.types(f"Anliegen {self.number}.")

    async def types(self, words: str) -> None:
        found = self.desk.open(self.call)
        assert found
        self.concern = f"{self.concern} {words}".strip()
        revision = (found.draft.revision if found.draft else 0) + 1
        body = p.NoteBody(concern=self.concern)
        assert (await self.desk.ask(p.SaveDraft, call=self.call, revision=revision, body=body)).ok

    async def rings(self) -> None:
        """The employee's telephone has begun to, this moment."""
        await self.far.behave(self.employee, "ring")
        asked = await self.desk.ask(p.Ring, call=self.call, employee=self._person)
        assert asked.ok, asked
        await self.far.rang(self.employee)

    async def consults(self) -> None:
        await self.house.consult(self.desk, self.call, RINGS[self.desk.who.login])
        await self.far.hears(self.caller, "music")

    async def connects(self) -> None:
        assert (await self.desk.ask(p.Connect, call=self.call)).ok
        await self.is_joined()

    async def put_through(self) -> None:
        """Caller and employee talk, as the screen says."""
        await self.consults()
        await self.connects()

    # ---- the death

    async def together(self) -> None:
        """Both scenes are here."""
        await self.barrier.wait()

    async def dies(self) -> None:
        """By `kill -9`, or in order; returns when the service is dead."""
        if await self.barrier.wait() == 0:
            await (self.house.service.stop() if self.orderly else self.house.service.kill())
        await self.barrier.wait()
        await self.desk.disconnect()
        await self.other.disconnect()

    async def lives_again(self) -> None:
        """Returns with the agent at the desk, and with every word."""
        if await self.barrier.wait() == 0:
            await self.house.service.start()
        await self.barrier.wait()
        await self.desk.connect()
        if self.barrier.parties == 1:
            await self.other.connect()
        await self.desk.until(lambda now: now.link.pbx == "up", "the PBX", PATIENCE)

    def forget_the_attempt(self) -> None:
        """As if its row had not been stored in time."""
        with self.house.database() as connection:
            connection.execute("DELETE FROM attempt WHERE call_id = ?", (self.call,))

    # ---- what is to be seen

    @property
    def _person(self) -> str:
        return self.house.person(RINGS[self.desk.who.login]).id

    async def shows(self, step: str) -> p.CallView:
        """This step of a put-through."""
        return await shows(
            self.desk, self.call, lambda view: view.put_through and view.put_through.step == step
        )

    async def is_joined(self) -> None:
        """The screen says what is: caller and employee talk."""
        view = await shows(self.desk, self.call, lambda view: view.phase == "joined")
        assert view.joined_with == self._person
        await self.far.converse(self.caller, self.employee)

    async def is_back(self) -> None:
        """Caller and agent talk."""
        await shows(self.desk, self.call, lambda view: view.phase == "talking" and "hold" in view.may)
        await self.far.converse(self.caller, self.desk.who.phone)

    async def waits(self) -> None:
        """The caller is in the queue again."""
        await self.desk.until(lambda now: self.call in {one.call for one in now.waiting}, "waits", PATIENCE)
        await self.far.hears(self.caller, "music")

    def has_every_word(self) -> None:
        found = self.desk.open(self.call)
        assert found
        assert found.draft
        assert found.draft.body.concern == self.concern

    # ---- the note

    async def saves(self) -> None:
        """Whatever is typed so far; taken at once."""
        self.has_every_word()
        answer = await self.house.save(self.desk, self.call, self.concern, to="Sabine Hofmann")
        assert answer.ok, answer

    async def ends(self, *notes: str, joined: bool | None = None) -> None:
        """The caller is gone; the call has these notes (default: one, as typed), each told once, and every
        attempt its result. `joined`: whether the last attempt was that."""
        await self.far.hang_up(self.caller)
        await self.far.over(self.caller)
        await self.desk.until(lambda _: self.desk.open(self.call) is None, "an empty screen", PATIENCE)
        wanted = [("noted", 1, 1)]
        await until(lambda: self._rows(_CALL) == wanted, PATIENCE, f"{wanted}")
        written = notes or (self.concern,)
        assert sorted(str(concern) for (concern,) in self._rows(_NOTES)) == sorted(written)
        await until(lambda: (None,) not in self._rows(_RESULTS), PATIENCE, "a result of each attempt")
        if joined is not None:
            results = [result for (result,) in self._rows(_RESULTS)]
            assert (results[-1] == "joined") is joined, results
        for note in written:
            await until(lambda note=note: self.house.arrived(note), PATIENCE, "the mail")  # type: ignore[misc]  # a default

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        with self.house.database() as connection:
            return list(connection.execute(query, (self.call,)))


_CALL = "SELECT outcome, answered_at IS NOT NULL, ended_at IS NOT NULL FROM call WHERE id = ?"
_NOTES = "SELECT concern FROM call_note WHERE call_id = ?"
_RESULTS = "SELECT result FROM attempt WHERE call_id = ? ORDER BY started_at"

Scene = Callable[[Fate], Awaitable[None]]


class Scenes(Named[Scene]):
    """Scenes of one house. Two that follow each other share one death, unless they are `alone`."""

    def __init__(self, *, orderly: bool = False, alone: bool = False) -> None:
        super().__init__()
        self.orderly, self.alone = orderly, alone

    async def play(self, room: Room) -> dict[str, BaseException | None]:
        """How each scene ended: None, or what was wrong."""
        names, ends = list(self.scenes), dict[str, BaseException | None]()
        numbers, size = iter(range(10, 100)), 1 if self.alone else 2
        async with open_house(room, calls={"wrap_up_seconds": 60}) as house:
            await house.phones.far.behave("default", "ring")
            desks = [await house.desk(login) for login in ("anna", "ben")]
            for first in range(0, len(names), size):
                some = names[first : first + size]
                barrier, turn = asyncio.Barrier(len(some)), asyncio.Lock()
                fates = [
                    Fate(
                        house,
                        desks[n],
                        desks[1 - n],
                        f"4917139200{next(numbers)}",
                        barrier,
                        turn,
                        self.orderly,
                    )
                    for n in range(len(some))
                ]
                played = (self._one(self.scenes[name], fate) for name, fate in zip(some, fates, strict=True))
                ends |= dict(zip(some, await asyncio.gather(*played, return_exceptions=True), strict=True))
                if any(ends[name] for name in some):
                    break  # what is left lying about would only confuse
                await self._tidy(house, desks)
        return ends | {name: AssertionError("not played") for name in names if name not in ends}

    async def _one(self, scene: Scene, fate: Fate) -> None:
        try:
            await asyncio.wait_for(scene(fate), 90)
        except BaseException:
            await fate.barrier.abort()
            raise

    async def _tidy(self, house: WholeHouse, desks: list[Desk]) -> None:
        await house.hang_up()
        for desk in desks:
            await signed_out(desk)
            await house.phones.far.over(desk.who.phone)
            await house.phones.far.over(house.person(RINGS[desk.who.login]).extension.lstrip("+"))
