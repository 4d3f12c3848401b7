"""What an agent does with a telephone: pick a caller, hold, ring, connect, go back, hang up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pbx_bridge.calls.commands import AgentRequest
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.request import ask
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.open_call import CallOnScreen
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.settings import TransferSettings
from pbx_bridge.telephony.pick_messages import AskPick
from pbx_bridge.time_slices import finished
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.dial_rules import dial_rules, ring_rules
from rules.calls.answering import may_answer, may_take_over
from rules.calls.number_outside import plan_outside
from rules.calls.transfer import Plan, RingRules, TransferRefusal, plan
from rules.model import Agent
from rules.text.dialling import DialRules

ANSWER_SECONDS = 5.0
"""A put-through is accepted or refused in microseconds; longer than this means that nobody is listening."""

PHONE = re.compile(r"PJSIP/[-._0-9A-Za-z]{1,60}")
"""Phones that the dial plan rings for a colleague."""

ASKS: Mapping[type[p.CallCommand], type[msg.Ask]] = MappingProxyType(
    {
        p.Hold: msg.AskHold,
        p.Switch: msg.AskSwitch,
        p.Connect: msg.AskConnect,
        p.Back: msg.AskBack,
        p.Cancel: msg.AskCancel,
        p.HangUp: msg.AskHangUp,
    }
)


@dataclass(frozen=True, slots=True)
class DialPlan:
    """What the rules of a put-through need beside customer and caller."""

    dial_rules: DialRules
    ring: RingRules

    @classmethod
    def of(cls, settings: TransferSettings) -> DialPlan:
        """As the settings have it."""
        return cls(dial_rules(settings), ring_rules(settings))


class Telephone:
    """`put` hands a command to the dispatcher, which is the only one to move a call."""

    def __init__(
        self,
        screens: Screens,
        put: Callable[[Message], None],
        dial: DialPlan,
        clock: Callable[[], datetime],
    ) -> None:
        self._screens, self._put, self._dial, self._clock = screens, put, dial, clock

    async def do(self, agent: Agent, command: p.CallCommand) -> Refused | None:
        """None: it is under way; what comes of it is seen in the call's state."""
        return await HANDLERS[type(command)](self, agent, command)

    async def pick(self, agent: Agent, command: p.Pick) -> Refused | None:
        """Whoever waits there comes next, and to nobody else."""
        call = self._screens.registry.by_id(command.call)
        if call is None:
            return Refused("unknown_call")
        if not may_answer(agent, self._screens.index.customer(call.customer_id)):
            return Refused("pick_not_yours")
        refusal = await self._ask(AskPick(call=call.pbx_call, agent=agent.interface))
        if refusal is None or "agent" not in refusal.params:
            return refusal
        other = self._screens.staff.at(str(refusal.params["agent"]))
        return Refused(refusal.code, {"agent": other.name if other else ""})

    async def call(self, agent: Agent, command: p.CallCommand) -> Refused | None:
        """Hold, switch, connect, back, cancel, hang up."""
        open_call = self._own(agent, command.call)
        if isinstance(open_call, Refused):
            return open_call
        kind = ASKS[type(command)]
        return await self._ask(kind(call=open_call.call.pbx_call, agent=agent.interface))

    async def ring(self, agent: Agent, command: p.Ring) -> Refused | None:
        """Facts from memory, the plan from the rules, the rest is the put-through's."""
        open_call = self._own(agent, command.call)
        if isinstance(open_call, Refused):
            return open_call
        planned = self._plan(open_call, command.employee)
        if isinstance(planned, Refused):
            return planned
        interface, employee = agent.interface, command.employee
        wish = msg.AskRing(
            call=open_call.call.pbx_call, agent=interface, plan=planned, employee=employee, mode=command.mode
        )
        return await self._ask(wish)

    async def ring_number(self, agent: Agent, command: p.RingNumber) -> Refused | None:
        """Somebody outside; asked first and put through as an employee."""
        open_call = self._own(agent, command.call)
        if isinstance(open_call, Refused):
            return open_call
        customer = self._screens.index.customer(open_call.call.customer_id)
        if customer is None:
            return Refused(TransferRefusal.TARIFF)
        caller, rules = open_call.call.caller, self._dial.dial_rules
        ours, seconds = self._screens.index.is_ours, self._dial.ring.seconds
        planned = await finished(plan_outside(customer, command.number, caller, rules, ours, seconds))
        wish = msg.AskRing(
            call=open_call.call.pbx_call, agent=agent.interface, plan=planned, employee="", mode=command.mode
        )
        return await self._ask(wish)

    async def ask_colleague(self, agent: Agent, command: p.AskColleague) -> Refused | None:
        """Somebody who is free; they may do nothing with the call until it is theirs."""
        open_call = self._own(agent, command.call)
        if isinstance(open_call, Refused):
            return open_call
        colleague = self._screens.staff.agent(command.colleague)
        if colleague is None or not PHONE.fullmatch(colleague.interface):
            return Refused("colleague_unknown")
        refusal = may_take_over(colleague, self._screens.index.customer(open_call.call.customer_id))
        if refusal is not None:
            return Refused(refusal.code, {"colleague": colleague.name})
        wish = msg.AskColleague(
            call=open_call.call.pbx_call,
            agent=agent.interface,
            colleague=colleague.interface,
            seconds=self._dial.ring.seconds,
            give=command.give,
            shown=agent.name,
        )
        refusal = await self._ask(wish)
        if refusal is None or refusal.code != "colleague_not_free":
            return refusal
        return Refused(f"colleague_{refusal.params['state']}", {"colleague": colleague.name})

    def _plan(self, open_call: CallOnScreen, employee_id: str) -> Plan | Refused:
        customer = self._screens.index.customer(open_call.call.customer_id)
        employee = customer.employee(employee_id) if customer else None
        if customer is None or employee is None:
            return Refused(TransferRefusal.UNKNOWN_EMPLOYEE)
        rules, ring = self._dial.dial_rules, self._dial.ring
        planned = plan(customer, employee, open_call.call.caller, self._clock(), rules, ring)
        return planned if planned.refusal is None else planned.refusal

    async def _ask(self, wish: AgentRequest) -> Refused | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await ask(self._put, wish)
        except TimeoutError:
            return Refused("no_answer_from_pbx")

    def _own(self, agent: Agent, call_id: str) -> CallOnScreen | Refused:
        """A call is only its agent's business."""
        open_call = self._screens.on_screen(call_id)
        if open_call is None:
            return Refused("unknown_call")
        return open_call if open_call.owner == agent.id else Refused("not_yours")


HANDLERS: Mapping[type[p.CallCommand], Callable[[Telephone, Agent, Any], Awaitable[Refused | None]]] = (
    MappingProxyType(
        {
            p.Pick: Telephone.pick,
            p.Ring: Telephone.ring,
            p.RingNumber: Telephone.ring_number,
            p.AskColleague: Telephone.ask_colleague,
            **dict.fromkeys(ASKS, Telephone.call),
        }
    )
)
BY_TELEPHONE: tuple[Any, ...] = tuple(HANDLERS)
"""The commands that come here."""
