"""A played PBX that goes on while the service is away: it tells what happens, and at each connect what is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pbx_bridge.calls import events as ev
from tests.desk_room import ANNA, BEN, CALLER, LINE, Clock, DeskRoom, PlayedPbx, member, opened
from tests.until import until

PHONES = {"anna": ANNA, "ben": BEN}
NUMBER = "493023125110"
"""Erika's extension, as the dial plan gets it."""


@dataclass
class World:
    """One call and who is in it. Everything that happens is told to `sink`, if anybody listens."""

    call: str = "1795429654.1"
    number: str = CALLER
    sink: Callable[[ev.PbxEvent], None] | None = None
    caller: str = ""  # where the caller is: queue, talk, hold, joined; "" before and after the call
    agent: str = ""  # who has the call
    agent_where: str = ""  # talk, held, consult
    employee: str = ""  # rings, consult, joined
    attempt: str = ""
    legs: int = 0
    rung: list[str] = field(default_factory=list)

    def tell(self, *events: ev.PbxEvent) -> None:
        for event in events:
            if self.sink:
                self.sink(event)

    # ---- what happens

    def arrive(self) -> None:
        self.caller = "queue"
        self.tell(ev.CallArrived(self.call, self._trunk, LINE, self.number), ev.QueueJoined(self.call, "sec"))

    def offer(self, name: str) -> None:
        self.legs += 1
        self.tell(ev.CallOffered(self.call, PHONES[name], self._leg, self._channel(name)))

    def answer(self, name: str) -> None:
        self.agent, self.agent_where, self.caller = name, "talk", "talk"
        self.tell(
            ev.CallAnswered(self.call, PHONES[name], self._leg, self._channel(name)),
            ev.Bridged(self.call, self._leg, self._channel(name), "talk"),
            ev.Bridged(self.call, self.call, self._trunk, "talk"),
        )

    def falls_silent(self, name: str) -> None:
        """Nobody picked it up."""
        self.tell(
            ev.OfferEnded(self.call, PHONES[name], self._leg),
            ev.HungUp(self.call, self._leg, self._channel(name)),
        )

    def hold(self, *, ringing: bool = False) -> None:
        self.caller, self.agent_where = "hold", "consult" if ringing else "held"
        self.tell(
            ev.Bridged(self.call, self.call, self._trunk, "hold", holding=True),
            ev.Bridged(self.call, self._leg, self._channel(self.agent), "agent", holding=True),
        )

    def ring(self, attempt: str) -> None:
        """The employee's phone rings, the caller hears music."""
        self.attempt, self.employee = attempt, "rings"
        self.rung.append(attempt)
        self.hold(ringing=True)

    def pick_up(self) -> None:
        self.employee = "consult"
        self.tell(
            ev.TargetAnswered(self.call, self.attempt),
            ev.Bridged(self.call, self.attempt, self._local, "consult"),
            ev.Bridged(self.call, self._leg, self._channel(self.agent), "consult"),
        )

    def connect(self) -> None:
        self.employee, self.caller = "joined", "joined"
        self.tell(
            ev.Bridged(self.call, self.call, self._trunk, "joined"),
            ev.Bridged(self.call, self.attempt, self._local, "joined"),
        )
        self._agent_leaves()

    def agent_hangs_up(self) -> None:
        """Whoever has the caller on hold sends them back into the queue; else the call is over."""
        held = self.caller == "hold"
        self._employee_leaves("ANSWER" if self.employee == "consult" else "CANCEL")
        self._agent_leaves()
        self._requeue() if held else self._caller_leaves()

    def employee_hangs_up(self) -> None:
        """Within four seconds after connect: the caller waits again."""
        self._employee_leaves("ANSWER")
        self._requeue()

    def caller_comes_back(self) -> None:
        """The same, but the end of the employee's leg is told later: by `employee_has_left`."""
        self._requeue()

    def employee_has_left(self) -> None:
        self._employee_leaves("ANSWER")

    def caller_hangs_up(self) -> None:
        self._caller_leaves()
        if self.employee in {"rings", "joined"}:
            self._employee_leaves("ANSWER" if self.employee == "joined" else "CANCEL")
        if self.employee != "consult":
            self._agent_leaves()

    def consultation_ends(self) -> None:
        """The caller is long gone; agent and employee have talked on."""
        self._employee_leaves("ANSWER")
        self._agent_leaves()

    # ---- what is

    def snapshot(self) -> ev.Snapshot:
        members = tuple(member(phone) for phone in PHONES.values())
        waits = (ev.QueueJoined(self.call, "sec"),) if self.caller == "queue" else ()
        return ev.Snapshot(tuple(self._live()), members, waits)

    def _live(self) -> list[ev.LiveLeg]:
        places = {
            "queue": ("", "from-trunk,493023125100,9", "Queue"),
            "talk": ("talk", "from-trunk,493023125100,9", "Queue"),
            "hold": ("hold", "sec-hold,s,1", "BridgeWait"),
            "joined": ("joined", "sec-hold,s,1", "Bridge"),
        }
        legs = []
        if self.caller:
            at = places[self.caller]
            legs.append(ev.LiveLeg(self.call, self.call, self._trunk, *at, self.number, "", LINE, 60))
        if self.agent_where:
            at = {
                "talk": ("talk", "from-agent,,1", "AppQueue"),
                "held": ("agent", "sec-held,s,3", "BridgeWait"),
                "consult": (
                    "consult" if self.employee == "consult" else "agent",
                    "sec-consult,s,5",
                    "Bridge",
                ),
            }[self.agent_where]
            legs.append(ev.LiveLeg(self.call, self._leg, self._channel(self.agent), *at, seconds=50))
        if self.employee:
            up = self.employee != "rings"
            at = (self.employee if up else "", "sec-answered,s,6", "Bridge")
            legs.append(ev.LiveLeg(self.call, self.attempt, self._local, *at, seconds=20, up=up))
        return legs

    # ---- inside

    @property
    def _leg(self) -> str:
        return f"{self.call}9{self.legs}"

    @property
    def _trunk(self) -> str:
        return f"PJSIP/trunk-{self.call}"

    @property
    def _local(self) -> str:
        return f"Local/{NUMBER}@sec-target-00000001;1"

    def _channel(self, name: str) -> str:
        return f"{PHONES[name]}-0000000{self.legs}"

    def _agent_leaves(self) -> None:
        if self.agent_where:
            self.agent_where = ""
            self.tell(ev.HungUp(self.call, self._leg, self._channel(self.agent)))

    def _employee_leaves(self, result: str) -> None:
        if self.employee:
            self.employee = ""
            self.tell(ev.TargetEnded(self.call, self.attempt, result, 16))

    def _caller_leaves(self) -> None:
        waited = self.caller == "queue"
        self.caller = ""
        if waited:
            self.tell(ev.QueueAbandoned(self.call, "sec"))
        self.tell(ev.HungUp(self.call, self.call, self._trunk))

    def _requeue(self) -> None:
        self.caller = "queue"
        self.tell(ev.HoldEnded(self.call), ev.QueueJoined(self.call, "sec"))


@dataclass
class WorldPbx(PlayedPbx):
    """The link to a world."""

    world: World = field(default_factory=World)

    async def run(self) -> None:
        self.sink(ev.LinkUp("22.10.1"))
        self.sink(self.world.snapshot())
        self.world.sink = self.sink
        try:
            await asyncio.Event().wait()
        finally:
            self.world.sink = None

    async def snapshot(self) -> None:
        self.sink(self.world.snapshot())


@asynccontextmanager
async def world_room(database_url: str, world: World, clock: Clock | None = None) -> AsyncIterator[DeskRoom]:
    """A life of the service in this world, until the block ends."""
    links: list[WorldPbx] = []

    def make_link(sink: Callable[[ev.PbxEvent], None]) -> WorldPbx:
        links.append(WorldPbx(sink, world=world))
        return links[0]

    async with opened(database_url, clock or Clock(), make_link) as room:
        room.pbx = links[0]
        await until(lambda: len(room.rooms.calls.registry.agents) == 2 and world.sink, message="the PBX")
        yield room
