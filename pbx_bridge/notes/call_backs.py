"""Keeps what callers were promised who asked, by a key, to be called back: once, also of the time without us.

A wish is a file of the dial plan until it has a row. When it is time (`rules.calls.call_backs`) the PBX is
told to ring the caller: that is a call like any other, which waits before all others for an agent, has its
pop and its note, and rings the caller when an agent has picked up. What became of it is read in its row, and
in a file that the dial plan writes when the caller answers; so whoever dies in between knows it afterwards.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import structlog

from pbx_bridge.ami.actions import Hangup, Originate
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls.events import MemberStatus
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.notes.call_back_files import CallBackFiles, OfThisOnly
from pbx_bridge.notes.callers_folder import look_for_ever
from pbx_bridge.notes.unkept_promises import UnkeptPromises
from pbx_bridge.settings import NobodyFreeSettings
from pbx_bridge.storage.calls import call_backs as stored
from pbx_bridge.storage.calls.call_backs import OpenCallBack
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.telephony.agent_queue import NO_WISH, QueueLink
from pbx_bridge.telephony.astdb.desired_nobody_free import of_the_house
from pbx_bridge.time_slices import gently
from rules.calls.answering import may_answer
from rules.calls.blocking import is_turned_away
from rules.calls.call_backs import (
    RINGS_AT_MOST,
    UNKEPT,
    CallBackFacts,
    CallBackStep,
    RingState,
    decide,
    ring_name,
    wish_reason,
)
from rules.calls.identify import identify_customer
from rules.calls.nobody_free import holds_for
from rules.customers.service_state import turns_callers_away
from rules.decision import Allowed
from rules.fields.nobody_free import NobodyFree
from rules.model import Customer
from rules.text.dialling import DialRules, may_dial
from rules.text.phone_numbers import dial_digits
from rules.vocabulary import WishReason

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3.0
UNDER_WAY = frozenset({RingState.UNSEEN, RingState.OPEN})


class RungBack:
    """Who is being rung back now: by their numbers, and how many wait for the same agents."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self.waiting_for = Counter[frozenset[str]]()

    def add(self, number: str, agents: frozenset[str]) -> None:
        self.numbers.add(number)
        self.waiting_for[agents] += 1


class CallBacks:
    """`house`: what holds where a company has nothing of its own, and the folder; `dial`: which numbers may
    be rung."""

    def __init__(
        self,
        db: Database,
        link: QueueLink,
        registry: Registry,
        directory: LiveDirectory,
        house: NobodyFreeSettings,
        dial: DialRules,
        unkept: UnkeptPromises,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._link, self._registry = db, link, registry
        self._names = registry.names
        self._index, self._staff = directory.index, directory.staff
        self._house, self._policy, self._dial, self._clock = house, house.policy, dial, clock
        self._unkept = unkept
        self._of_this_only = OfThisOnly()
        self._files = CallBackFiles(db, registry.names, house.recordings, self._why, clock)

    async def run(self) -> None:
        """Until cancelled."""
        await look_for_ever("call_backs", EVERY_SECONDS, self.look)

    async def look(self) -> None:
        """Take what callers wish, and do what is due. Raises StorageUnavailable; what was done stays so."""
        await self._files.take()
        if not self._registry.link.up:
            return
        async with self._db.read() as conn:
            waiting = await stored.waiting(conn)
        rung = RungBack()
        async for one in gently(waiting):
            if one.ring in UNDER_WAY:
                rung.add(one.number, self._agents_for(self._index.customer(one.customer_id)))
        async for one in gently(waiting):
            with self._of_this_only(one.id):
                await self._do(one, rung)

    def _why(self, call: StoredCall) -> WishReason:
        policy, zone = self._holds_for(self._index.customer(call.customer_id))
        return wish_reason(policy, zone, call.arrived_at)

    def _holds_for(self, customer: Customer | None) -> tuple[NobodyFree, str]:
        house = of_the_house(self._policy, self._index.house_days)
        return holds_for(customer, house, self._house.zone)

    async def _do(self, one: OpenCallBack, rung: RungBack) -> None:
        customer, now = self._index.customer(one.customer_id), self._clock()
        policy, zone = self._holds_for(customer)
        agents = self._agents_for(customer)
        facts = self._facts(one, customer, rung.numbers)
        decided = decide(facts, policy, zone, now, somebody_there=bool(agents))
        match decided.step:
            case CallBackStep.RING if rung.waiting_for[agents] < RINGS_AT_MOST:
                if await self._ring(one, now):
                    rung.add(one.number, agents)
            case CallBackStep.COUNT | CallBackStep.FORGET_TRY:
                counts = decided.step is CallBackStep.COUNT
                async with self._db.write() as conn:
                    await stored.tried(conn, one.id, one.ring_call, counts=counts)
                log.info("call_back_in_vain", call=one.call_id, counts=counts)
            case CallBackStep.CALL_OFF:
                await self._call_off(one)
            case CallBackStep.END if decided.why:
                if decided.why in UNKEPT and not self._is_turned_away(one):
                    await self._unkept.end(one, decided.why, now)
                else:
                    async with self._db.write() as conn:
                        await stored.done(conn, one.id, decided.why, now)
                log.info("call_back_over", call=one.call_id, how=decided.why.value)

    def _facts(self, one: OpenCallBack, customer: Customer | None, rung: Collection[str]) -> CallBackFacts:
        is_here = self._is_with_us(one)
        return CallBackFacts(
            at=one.at,
            tries=one.tries,
            rung_at=one.rung_at,
            ring=self._ring_state(one),
            ring_over_at=one.ring_over_at,
            told_since=self._registry.link.since,
            is_called=one.called_again,
            is_noted=one.noted,
            ring_waits=self._waits(one),
            is_here=is_here,
            is_busy=is_here or one.number in rung,
            may_be_rung=self._may_be_rung(one),
            served=customer is None or not turns_callers_away(customer.service),
        )

    def _ring_state(self, one: OpenCallBack) -> RingState:
        """What the PBX has told of is not unseen, however long the database takes to have it."""
        told = self._registry.calls.get(self._names.told(one.ring_call))
        return RingState.OPEN if told and one.ring is RingState.UNSEEN else one.ring

    def _is_with_us(self, one: OpenCallBack) -> bool:
        """Waits for this company again, or talks with an agent."""
        here, ring = (one.customer_id, one.number), self._names.told(one.ring_call)
        live = (call for call in self._registry.live.values() if call.pbx_call != ring)
        return any((call.customer_id, call.caller.number) == here for call in live)

    def _waits(self, one: OpenCallBack) -> bool:
        """Whether the call by which they are to be rung waits for an agent."""
        call = self._registry.live.get(self._names.told(one.ring_call))
        return call is not None and call.waiting and not call.picked

    def _may_be_rung(self, one: OpenCallBack) -> bool:
        if not one.number or not dial_digits(self._way(one)[0]) or self._index.is_ours(one.number):
            return False
        return isinstance(may_dial(one.number, self._dial), Allowed) and not self._is_turned_away(one)

    def _is_turned_away(self, one: OpenCallBack) -> bool:
        """Blocked since they asked: the company wants nothing of them."""
        customer = self._index.customer(one.customer_id)
        if customer is None:
            return False
        return is_turned_away(one.number, customer, self._index.vips(customer.id).find, self._index.numbers)

    def _way(self, one: OpenCallBack) -> tuple[str, str]:
        """Line, and number of the company on a shared one, that lead to the company whose caller this is: a
        line may be somebody else's by now, who must not learn of it. "" where there is none any more."""
        line, number = one.line, one.forwarded_from
        led = identify_customer(line, number, "", self._index.line, self._index.customer_of).customer_id
        if one.customer_id in {None, led}:
            return line, number
        own = (other.number for other in self._index.lines() if other.customer_id == one.customer_id)
        return next(own, ""), ""

    def _agents_for(self, customer: Customer | None) -> frozenset[str]:
        """The phones of all who may answer and have not gone. Whoever talks, or writes a note, pauses too,
        and is there for the first in line afterwards: while many call, nobody is ever seen to be free."""
        agents = self._registry.agents.values()
        fit = (one for one in agents if one.signed_in and (not one.paused or one.pause_reason in NO_WISH))
        reachable = (one.interface for one in fit if one.status is not MemberStatus.UNAVAILABLE)
        return frozenset(one for one in reachable if may_answer(self._staff.at(one), customer))

    async def _call_off(self, one: OpenCallBack) -> None:
        """Else an agent would pick it up first, and ring somebody who waits in our own line."""
        call = self._registry.live.get(self._names.told(one.ring_call))
        if call is None or not call.channel:
            return
        try:
            await self._link.send(Hangup(call.channel))
        except (LinkGone, ActionTimeout, ActionFailed, Unsendable) as error:
            log.warning("call_back_not_called_off", call=one.call_id, error=type(error).__name__)
            return
        async with self._db.write() as conn:
            await stored.tried(conn, one.id, one.ring_call, counts=False)
        log.info("call_back_called_off", call=one.call_id)

    async def _ring(self, one: OpenCallBack, now: datetime) -> bool:
        """Written down first: nobody is rung twice by a service that dies in between."""
        name = ring_name(now, secrets.randbelow(10**11))
        written = self._names.stored(name)
        async with self._db.write() as conn:
            if not await stored.rung(conn, one.id, written, now):
                return False
        try:
            await self._link.send(_order(one.number, self._way(one), name))
        except (LinkGone, ActionTimeout) as error:  # the PBX tells of the call, or it has not come about
            log.warning("call_back_without_answer", call=one.call_id, error=type(error).__name__)
        except (ActionFailed, Unsendable) as error:
            log.warning("call_back_not_taken", call=one.call_id, error=type(error).__name__)
            async with self._db.write() as conn:
                await stored.tried(conn, one.id, written, counts=False)
            return False
        else:
            log.info("call_back_rung", call=one.call_id)
        return True


def _order(number: str, way: tuple[str, str], name: str) -> Originate:
    """The rest is in docker/asterisk/secretariat_back.conf."""
    line, caller = dial_digits(way[0]), dial_digits(number)
    told: Iterable[tuple[str, str]] = (
        ("_SEC_TO", caller),
        ("_SEC_FROMLINE", line),
        ("_SEC_OF", dial_digits(way[1]) or line),
    )
    return Originate(
        attempt=name,
        channel=f"Local/{caller}@sec-ringback/n",
        context="sec-again",
        exten=line,
        variables=tuple(told),
    )
