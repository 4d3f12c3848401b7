"""One call with Anna, and the put-through played by hand: what the PBX would say, what goes out to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.gate import Gate
from pbx_bridge.transfers.reducer import PutThroughs
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from rules.decision import Refused
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, CALLER, CHANNEL, LEG, NOW

WEISS, WOLF, LANG = "weiss", "wolf", "lang"
PLAN = Plan((Target(WEISS, "+493023125201", 20), Target(WOLF, "+493023125202", 15)))
ALONE = Plan(PLAN.steps[:1])
A1, A2 = f"{CALL}-a1", f"{CALL}-a2"


class PlayedTransfer:
    """Time stands still unless `wait`."""

    def __init__(self, *events: Message) -> None:
        self.now: datetime = NOW
        self.registry: Registry = happens.registry()
        self.transfers = PutThroughs(self.registry)
        self.gate = Gate(self.registry, self.transfers)
        for event in events or happens.TO_TALKING:
            assert not self.gate.refuses(event, NOW)
            self.registry.apply(event, NOW)
        self.effects: list[Effect] = []
        self.answers: list[Refused | None] = []
        self.bridges = 0

    @property
    def state(self) -> PutThroughState:
        return self.transfers.views[CALL]

    def at(self, step: TransferStep) -> bool:
        """Whether the put-through is there."""
        return self.state.step is step

    @property
    def may(self) -> set[str]:
        return set(self.transfers.may(CALL))

    def tell(self, *messages: Message) -> PlayedTransfer:
        """The PBX says so."""
        for message in messages:
            assert not self.gate.refuses(message, self.now), f"a dial plan of ours can tell {message}"
            self.registry.apply(message, self.now)
            self.effects += self.transfers.apply(message, self.now)
        return self

    def ask(self, kind: type[msg.Ask], agent: str = ANNA, **more: object) -> Refused | None:
        """The agent asks; the answer."""
        self.tell(kind(call=CALL, agent=agent, reply=self.answers.append, **more))
        return self.answers[-1]

    def ring(self, plan: Plan = PLAN, mode: msg.Mode = "hold") -> PlayedTransfer:
        assert self.ask(msg.AskRing, plan=plan, employee=WEISS, mode=mode) is None
        return self

    def wait(self, seconds: float) -> PlayedTransfer:
        """Time passes, with its ticks."""
        end = self.now + timedelta(seconds=seconds)
        while (due := self.transfers.deadline()) and due <= end:
            self.now = due
            self.effects += self.transfers.tick(due)
        self.now = end
        return self

    def sent(self) -> list[str]:
        """Names of the acts since the last time."""
        acts = [
            type(act).__name__
            for effect in self.effects
            if isinstance(effect, msg.Send)
            for act in effect.acts
        ]
        self.effects = [effect for effect in self.effects if not isinstance(effect, msg.Send)]
        return acts

    def looked(self) -> int:
        """How often a snapshot was asked for since the last time."""
        found = sum(isinstance(effect, fx.Look) for effect in self.effects)
        self.effects = [effect for effect in self.effects if not isinstance(effect, fx.Look)]
        return found

    def results(self) -> list[tuple[str, str]]:
        """What became of the attempts, as the database hears it."""
        return [(end.attempt, end.result.value) for end in self.effects if isinstance(end, msg.AttemptEnded)]

    # ---- what the PBX says

    def together(self, *legs: str) -> PlayedTransfer:
        """These legs in a bridge of their own."""
        self.bridges += 1
        names = {CALL: CALLER, LEG: CHANNEL}
        for leg in legs:
            self.tell(
                ev.Bridged(CALL, leg, names.get(leg, "Local/1@sec-target-1;1"), f"bridge-{self.bridges}")
            )
        return self

    def held(self) -> PlayedTransfer:
        """Caller and agent each in a holding bridge."""
        self.bridges += 1
        self.tell(ev.Bridged(CALL, CALL, CALLER, f"hold-{self.bridges}", holding=True))
        return self.tell(ev.Bridged(CALL, LEG, CHANNEL, f"agent-{self.bridges}", holding=True))

    def failed(self, attempt: str, result: str = "BUSY", cause: int = 17) -> PlayedTransfer:
        return self.tell(ev.TargetEnded(CALL, attempt, result, cause))

    def picked_up(self, attempt: str) -> PlayedTransfer:
        return self.tell(ev.TargetAnswered(CALL, attempt))

    def alone(self) -> PlayedTransfer:
        return self.tell(ev.AgentAlone(CALL))

    def back(self) -> PlayedTransfer:
        return self.together(LEG, CALL)
