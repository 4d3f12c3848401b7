"""Keeps what callers were promised who asked, by a key, to be called back: once, also of the time without us.

A wish is a file of the dial plan until it has a row. When it is time (`rules.calls.call_backs`) the PBX is
told to ring the caller: that is a call like any other, which waits before all others for an agent, has its
pop and its note, and rings the caller when an agent has picked up. What became of it is read in its row, and
in a file that the dial plan writes when the caller answers; so whoever dies in between knows it afterwards.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import structlog

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls.events import MemberStatus
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.notes.callers_folder import UntoldFiles, look_for_ever, names_in
from pbx_bridge.notes.untold_calls import store_call
from pbx_bridge.settings import NobodyFreeSettings
from pbx_bridge.storage.calls import call_backs as stored
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.call_backs import OpenCallBack
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.time_slices import gently
from rules.calls.answering import may_answer
from rules.calls.call_backs import (
    RINGS_AT_MOST,
    CallBackFacts,
    CallBackStep,
    RingState,
    decide,
    met,
    ring_name,
    wish_reason,
    wishes,
)
from rules.calls.nobody_free import holds_for
from rules.calls.voice_message import Recording
from rules.customers.service_state import turns_callers_away
from rules.decision import Allowed
from rules.fields.nobody_free import NobodyFree
from rules.model import Customer
from rules.text.dialling import DialRules, may_dial
from rules.text.phone_numbers import dial_digits

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3.0
UNDER_WAY = frozenset({RingState.UNSEEN, RingState.OPEN})


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
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._link, self._registry = db, link, registry
        self._names = registry.names
        self._index, self._staff = directory.index, directory.staff
        self._house, self._policy, self._dial, self._clock = house, house.policy, dial, clock
        self._untold = UntoldFiles()
        self._stuck = set[str]()

    async def run(self) -> None:
        """Until cancelled."""
        await look_for_ever("call_backs", EVERY_SECONDS, self.look)

    async def look(self) -> None:
        """Take what callers wish, and do what is due. Raises StorageUnavailable, OSError; what was done stays
        so, and one file that cannot be read or deleted holds up no other promise."""
        names = await names_in(self._house.recordings)
        async for call in gently(met(names)):
            with self._of_this_only(call):
                await self._met(call)
        async for wish in gently(wishes(names)):
            with self._of_this_only(wish.name):
                await self._take(wish)
        if not self._registry.link.up:
            return
        async with self._db.read() as conn:
            waiting = await stored.waiting(conn)
        under_way = sum(one.ring in UNDER_WAY for one in waiting)
        async for one in gently(waiting):
            under_way += await self._do(one, under_way)

    # ---- what lies in the folder

    @contextlib.contextmanager
    def _of_this_only(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if name not in self._stuck:  # looking again and again
                self._stuck.add(name)
                log.warning("call_back_stuck", error=type(error).__name__, errno=error.errno)

    async def _met(self, ring_call: str) -> None:
        async with self._db.write() as conn:
            if await stored.reached(conn, self._names.stored(ring_call), self._clock()):
                log.info("call_back_over", how="reached")
        self._file(f"{ring_call}.met").unlink(missing_ok=True)

    async def _take(self, wish: Recording) -> None:
        """One of whose call the PBX does not tell gets a call by itself, as a voice message does."""
        file = self._file(f"{wish.name}.wish")
        call = await self._call_of(wish)
        if call is None and self._untold.is_in_vain(wish.name, self._clock()):
            await store_call(self._db, self._names, wish, file.read_text("ascii", "replace"))
            call = await self._call_of(wish)
        if call is None:
            return
        policy, zone = self._holds_for(self._index.customer(call.customer_id))
        why = wish_reason(policy, zone, call.arrived_at)
        async with self._db.write() as conn:
            if await stored.add(conn, self._names.stored(wish.name), call.id, wish.at, why):
                log.info("call_back_wished", call=call.id)
        self._untold.forget(wish.name)
        file.unlink(missing_ok=True)

    async def _call_of(self, wish: Recording) -> calls.StoredCall | None:
        async with self._db.read() as conn:
            return await calls.by_pbx_call(conn, self._names.stored(wish.call))

    def _holds_for(self, customer: Customer | None) -> tuple[NobodyFree, str]:
        return holds_for(customer, self._policy, self._house.zone)

    def _file(self, name: str) -> Path:
        return self._house.recordings / name

    # ---- one wish

    async def _do(self, one: OpenCallBack, under_way: int) -> int:
        """How many more are being rung."""
        customer, now = self._index.customer(one.customer_id), self._clock()
        policy, zone = self._holds_for(customer)
        there = self._somebody_there(customer)
        decided = decide(self._facts(one, customer), policy, zone, now, somebody_there=there)
        match decided.step:
            case CallBackStep.RING if under_way < RINGS_AT_MOST:
                return await self._ring(one, now)
            case CallBackStep.COUNT | CallBackStep.FORGET_TRY:
                counts = decided.step is CallBackStep.COUNT
                async with self._db.write() as conn:
                    await stored.tried(conn, one.id, one.ring_call, counts=counts)
                log.info("call_back_in_vain", call=one.call_id, counts=counts)
            case CallBackStep.END if decided.why:
                async with self._db.write() as conn:
                    await stored.done(conn, one.id, decided.why, now)
                log.info("call_back_over", call=one.call_id, how=decided.why.value)
        return 0

    def _facts(self, one: OpenCallBack, customer: Customer | None) -> CallBackFacts:
        return CallBackFacts(
            at=one.at,
            tries=one.tries,
            rung_at=one.rung_at,
            ring=one.ring,
            is_called=one.called_again,
            may_be_rung=self._may_be_rung(one),
            served=customer is None or not turns_callers_away(customer.service),
        )

    def _may_be_rung(self, one: OpenCallBack) -> bool:
        if not one.number or not dial_digits(one.line) or self._index.is_ours(one.number):
            return False
        return isinstance(may_dial(one.number, self._dial), Allowed)

    def _somebody_there(self, customer: Customer | None) -> bool:
        agents = self._registry.agents.values()
        fit = (one for one in agents if one.signed_in and not one.paused)
        reachable = (one for one in fit if one.status is not MemberStatus.UNAVAILABLE)
        return any(may_answer(self._staff.at(one.interface), customer) for one in reachable)

    async def _ring(self, one: OpenCallBack, now: datetime) -> int:
        """Written down first: nobody is rung twice by a service that dies in between."""
        name = ring_name(now, secrets.randbelow(10**11))
        written = self._names.stored(name)
        async with self._db.write() as conn:
            if not await stored.rung(conn, one.id, written, now):
                return 0
        try:
            await self._link.send(_order(one, name))
        except (LinkGone, ActionTimeout) as error:  # the PBX tells of the call, or it has not come about
            log.warning("call_back_without_answer", call=one.call_id, error=type(error).__name__)
        except (ActionFailed, Unsendable) as error:
            log.warning("call_back_not_taken", call=one.call_id, error=type(error).__name__)
            async with self._db.write() as conn:
                await stored.tried(conn, one.id, written, counts=False)
            return 0
        else:
            log.info("call_back_rung", call=one.call_id)
        return 1


def _order(one: OpenCallBack, name: str) -> Originate:
    """The rest is in docker/asterisk/secretariat_back.conf."""
    line, caller = dial_digits(one.line), dial_digits(one.number)
    told: Iterable[tuple[str, str]] = (
        ("_SEC_TO", caller),
        ("_SEC_FROMLINE", line),
        ("_SEC_OF", dial_digits(one.forwarded_from) or line),
    )
    return Originate(
        attempt=name,
        channel=f"Local/{caller}@sec-ringback/n",
        context="sec-again",
        exten=line,
        variables=tuple(told),
    )
