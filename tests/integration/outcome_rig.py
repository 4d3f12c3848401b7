"""A floor with many agents and one PBX: every outcome is a scene with a call of its own, all played side by
side."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from pbx_bridge.asterisk.far_end import Doing, FarEnd, FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import ManagerError
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.state import CallState
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.oracle import Oracle
from tests.integration.service import Service, open_service
from tests.pbx.room import CALM, Room, open_room
from tests.until import PATIENCE, until

AGENTS = tuple(f"anna{number}" for number in range(30))
LINE = "493023125100"
TIMES = replace(CALM, ring=4, grace=40)
"""No limit of the dial plan is reached, however slow the machine is: what happens, the service has done."""
SHORT = replace(TIMES, agent_ring=6, grace=4, wait_max=5, park=3, hold_max=14)
"""For what happens when a limit is reached."""


@dataclass
class OutcomeRig:
    """One room, one service. `queue` is held by whoever lets the queue hand out a call: one at a time."""

    room: Room
    oracle: Oracle
    service: Service
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    agents: itertools.chain[str] = field(default_factory=lambda: itertools.chain(AGENTS))
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(200))
    behind: str = ""  # the attempt that a scene makes without the service

    @property
    def far(self) -> FarEnd:
        return self.room.far

    async def talk(self, codec: str = "alaw") -> Talk:
        """A fresh caller, whose network speaks this codec, with a fresh agent."""
        agent, employees = next(self.agents), self.people()
        await self.far.behave(agent, "answer:0")
        async with self.queue:
            known = set(self.service.registry.calls)
            assert await self.service.queue.ready(f"PJSIP/{agent}", agent) is None
            caller = await self.far.call(LINE, codec=codec)
            await until(lambda: set(self.service.registry.calls) - known, message="the call arrives")
            (call,) = set(self.service.registry.calls) - known
            talk = Talk(self, caller, agent, call, employees, self.service)
            await self.oracle.sees(call, "agent")
            await talk.rest()
        await talk.converse(caller, agent)
        await until(lambda: "hold" in self.service.transfers.may(call), message="the agent may act")
        return talk

    def people(self) -> tuple[str, ...]:
        """Numbers of three employees whom nobody rings yet."""
        return tuple(f"493023125{next(self.numbers)}" for _ in range(3))

    async def fresh_agent_takes_one(self) -> None:
        """One of the callers who wait gets an agent who had no call yet, and who takes no other."""
        agent = next(self.agents)
        interface, transfers = f"PJSIP/{agent}", self.service.transfers
        await self.far.behave(agent, "answer:0")
        assert await self.service.queue.ready(interface, agent) is None

        def taken() -> bool:
            calls = self.service.registry.calls.values()
            return any(
                call.busy_agent == interface and "hold" in transfers.may(call.pbx_call) for call in calls
            )

        await until(taken, message="the agent has a caller")
        assert await self.service.queue.pause(interface, "test") is None


@dataclass
class Talk:
    """A caller and an agent in conversation, and three employees whom nobody else rings."""

    floor: OutcomeRig
    caller: FarEndCaller
    agent: str
    call: str
    employees: tuple[str, ...]
    service: Service

    @property
    def far(self) -> FarEnd:
        return self.floor.far

    @property
    def interface(self) -> str:
        return f"PJSIP/{self.agent}"

    @property
    def live(self) -> CallState:
        """What we believe of the call."""
        return self.service.registry.calls[self.call]

    @property
    def state(self) -> PutThroughState:
        """What we believe of the put-through."""
        return self.service.transfers.views[self.call]

    def results(self) -> list[str]:
        """What became of the attempts."""
        return [str(attempt.result) for attempt in self.state.tried]

    async def rest(self) -> None:
        """The agent takes no further call."""
        assert await self.service.queue.pause(self.interface, "test") is None

    def with_the_other(self) -> Talk:
        """The same call as the agent has it who answered meanwhile, with employees of their own."""
        assert self.live.busy_agent not in {None, self.interface}
        agent = str(self.live.busy_agent).removeprefix("PJSIP/")
        return replace(self, agent=agent, employees=self.floor.people())

    async def ready(self) -> None:
        """The agent takes calls again."""
        assert await self.service.queue.ready(self.interface, signed_in=True) is None

    # ---- what the agent does

    async def ring(self, *behaviours: str, mode: msg.Mode = "hold", seconds: int = 4) -> None:
        """Ring the employee and the deputies, who behave like this."""
        people = self.employees[: len(behaviours)]
        for number, behaviour in zip(people, behaviours, strict=True):
            await self.far.behave(number, behaviour)
        plan = Plan(tuple(Target(number, f"+{number}", seconds) for number in people))
        await self.call_up(plan, mode)

    async def call_up(self, plan: Plan, mode: msg.Mode = "hold") -> None:
        """Ring the people of this plan."""
        employee = plan.steps[0].employee_id
        await self.say(
            msg.AskRing(call=self.call, agent=self.interface, plan=plan, employee=employee, mode=mode)
        )

    async def ask(self, kind: type[msg.Ask]) -> None:
        """It is taken up."""
        await self.say(kind(call=self.call, agent=self.interface))

    async def say(self, command: msg.Ask) -> None:
        refused = await self.service.ask(command)
        assert refused is None, refused

    async def consult(self, mode: msg.Mode = "hold") -> None:
        """Agent and employee talk, caller hears music."""
        await self.ring("answer:0", mode=mode)
        if mode == "talk":
            await self.step(TransferStep.ANSWERED)
            await self.hears(self.employees[0], "music")
            await self.ask(msg.AskSwitch)
        await self.step(TransferStep.CONSULTING)
        await self.sees("music")

    async def pick_up_if_it_rings(self) -> None:
        """The employee's hand is on the receiver; the phone may have stopped by then."""
        with contextlib.suppress(ManagerError):
            await self.far.pick_up(self.employees[0])

    # ---- what is to be seen

    async def step(self, *steps: TransferStep, within: float = PATIENCE) -> None:
        await until(lambda: self.state.step in steps, within, lambda: f"{steps}, but it is {self.state}")
        if steps == (TransferStep.CONSULTING,):
            await self.converse(self.agent, await self.employee())
            await self.hears(self.caller, "music")

    async def sees(self, *company: str, within: float = PATIENCE) -> str:
        """Whom the caller is with, as the oracle sees and as everybody hears."""
        found = await self.floor.oracle.sees(self.call, *company, within=within)
        match found:
            case "agent":
                await self.converse(self.caller, self.agent)
            case "employee":
                await self.converse(self.caller, await self.employee())
            case "music" | "queue":
                await self.hears(self.caller, "music")
        return found

    async def employee(self) -> str:
        """The employee who talks."""
        phones = self.employees
        await until(
            lambda: any(self.far.phone(one).doing is Doing.TALKING for one in phones), message="a talk"
        )
        return next(one for one in phones if self.far.phone(one).doing is Doing.TALKING)

    async def converse(self, one: FarEndCaller | str, other: FarEndCaller | str) -> None:
        """These two hear each other and nobody else."""
        await asyncio.gather(self.hears(one, other), self.hears(other, one))

    async def hears(self, who: FarEndCaller | str, *wanted: FarEndCaller | str) -> None:
        """Exactly these are heard, "music", "tone", or nothing."""
        await self.far.hears(who, *wanted, among=(self.caller, self.agent, *self.employees))

    async def silent(self, *numbers: str, within: float = PATIENCE) -> None:
        """These phones do nothing any more."""
        for number in numbers or self.employees:
            await self.far.over(number, within)

    async def told(self, result: str, attempt: str) -> None:
        """The dial plan has said this of an attempt."""
        told = self.service.told.messages
        await until(
            lambda: any(
                isinstance(seen, ev.TargetEnded) and (seen.attempt, seen.result) == (attempt, result)
                for seen in told
            ),
            message=f"{attempt} {result}",
        )

    def rings(self, place: int = 0) -> int:
        """How often this employee's phone has rung."""
        return self.far.phone(self.employees[place]).rings

    async def rang_once_each(self) -> None:
        """All phones that behave somehow; the far end's word may come after the service's."""
        await until(lambda: [self.rings(0), self.rings(1)] == [1, 1], message="both have rung, once each")

    async def requeued(self, within: float = PATIENCE) -> None:
        """The caller is back in the queue with the same name, and an agent gets the call."""
        told = self.service.told.messages
        await until(lambda: ev.HoldEnded(self.call) in told, within, "back in the queue")
        await self.sees("queue")
        assert self.live.waiting
        assert self.live.agents == (self.interface,)

    async def end_of_caller(self) -> None:
        """The caller hangs up; whoever talks without them talks on."""
        await self.far.hang_up(self.caller)
        await self.sees("gone")

    async def end(self) -> None:
        """The caller hangs up; nobody is left behind."""
        await self.end_of_caller()
        await self.silent(self.agent)
        await self.silent()


@asynccontextmanager
async def open_floor(tree: AsteriskTree, **changes: object) -> AsyncIterator[OutcomeRig]:
    """PBX, far end, oracle and service running; `changes` as for `open_room`."""
    async with (
        open_room(tree, AGENTS, **{"timers": TIMES} | changes) as room,
        Oracle.watching(room.pbx) as oracle,
    ):
        config = room.config
        async with open_service(config.ami_port, config.ami_user, config.ami_secret) as service:
            yield OutcomeRig(room, oracle, service)
