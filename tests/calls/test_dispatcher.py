from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from pbx_bridge import metrics
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effect_runner import Handler
from pbx_bridge.calls.inbox import Inbox
from pbx_bridge.calls.message import CallEffect, Effect, Message
from tests.until import PATIENCE, until


@dataclass(frozen=True)
class Said(CallEffect, Message):
    word: str


@dataclass(frozen=True)
class Dialled(CallEffect, Message):
    lane: ClassVar[str] = "pbx"


class Odd(fx.Unexpected, Message):
    """Told as a message, so that a reducer passes it on."""


class Echo:
    """Says everything that is a `Said` or `Dialled`, fails at "fail", and has a deadline once."""

    def __init__(self, due: datetime | None = None) -> None:
        self.due = due
        self.ticks = 0

    def apply(self, message: Message, _now: datetime) -> list[Effect]:
        if message == Said("", "fail"):
            raise RuntimeError("planted")
        assert isinstance(message, Effect)
        return [message]

    def deadline(self) -> datetime | None:
        return self.due

    def tick(self, now: datetime) -> list[Effect]:
        assert self.due is not None
        assert now >= self.due
        self.ticks, self.due = self.ticks + 1, None
        return [Said("", "tick")]


@asynccontextmanager
async def running(reducers: Sequence[Echo], handlers: dict[type, Handler]) -> AsyncIterator[Inbox]:
    inbox = Inbox()
    dispatcher = Dispatcher(inbox, reducers, handlers, lambda: datetime.now(UTC))
    task = asyncio.create_task(dispatcher.run())
    yield inbox
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_effects_of_one_call_come_in_order_and_a_slow_one_stalls_nobody_else() -> None:
    heard: list[str] = []
    gate = asyncio.Event()

    async def slow(said: Said) -> None:
        if said.call == "a":
            await gate.wait()
        heard.append(f"{said.call}{said.word}")

    async with running([Echo()], {Said: slow}) as inbox:
        for word in "12":
            inbox.put(Said("a", word))
            inbox.put(Said("b", word))
        await until(lambda: heard == ["b1", "b2"], message="b is not held up")
        gate.set()
        await until(lambda: heard == ["b1", "b2", "a1", "a2"], message="a in order")


async def test_what_goes_to_the_pbx_does_not_wait_for_what_goes_to_the_database() -> None:
    dialled: list[str] = []

    async def never(_said: Said) -> None:
        await asyncio.Event().wait()

    async def dial(effect: Dialled) -> None:
        dialled.append(effect.call)

    async with running([Echo()], {Said: never, Dialled: dial}) as inbox:
        inbox.put(Said("a", "stored"))
        inbox.put(Dialled("a"))
        await until(lambda: dialled == ["a"], message="dialled")


async def test_a_handler_or_reducer_that_fails_is_counted_and_costs_only_itself() -> None:
    heard: list[str] = []

    async def handler(said: Said) -> None:
        if said.word == "bad":
            raise RuntimeError("planted")
        heard.append(said.word)

    before = metrics.HANDLER_FAILURES.labels("Said")._value.get()
    async with running([Echo()], {Said: handler}) as inbox:
        for said in (Said("a", "bad"), Said("", "fail"), Said("a", "good")):
            inbox.put(said)
        await until(lambda: heard == ["good"], message="the next one is heard")
    assert metrics.HANDLER_FAILURES.labels("Said")._value.get() == before + 1


async def test_the_timer_is_the_earliest_deadline_of_all() -> None:
    soon = Echo(datetime.now(UTC) + timedelta(milliseconds=30))
    late = Echo(datetime.now(UTC) + timedelta(hours=1))
    heard: list[str] = []

    async def handler(said: Said) -> None:
        heard.append(said.word)

    async with running([soon], {Said: handler}):
        await until(lambda: heard == ["tick"], message="ticked by itself")
    assert (soon.ticks, late.ticks) == (1, 0)


async def test_too_many_messages_are_refused_in_a_way_the_sender_understands() -> None:
    class Command(Message):
        refused = ""

        def refuse(self, code: str) -> bool:
            self.refused = code
            return True

    inbox = Inbox(size=1)
    inbox.put(Said("a", "1"))
    with pytest.raises(asyncio.QueueFull):
        inbox.put(Said("a", "2"))
    command = Command()
    inbox.put(command)
    assert command.refused == "overloaded"


async def test_the_unexpected_is_counted() -> None:
    before = metrics.UNEXPECTED.labels("call")._value.get()
    async with running([Echo()], {}) as inbox:
        inbox.put(Odd("call", "talking", "offered"))
        await until(lambda: metrics.UNEXPECTED.labels("call")._value.get() == before + 1, message="counted")


@pytest.mark.parametrize("turns", range(5))
async def test_an_end_in_the_moment_of_a_message_is_an_end(turns: int) -> None:
    inbox, later = Inbox(), Echo(datetime.now(UTC) + timedelta(hours=1))
    dispatcher = Dispatcher(inbox, (later,), {}, lambda: datetime.now(UTC))
    task = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0.01)
    inbox.put(Said("", "news"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    assert done, "the cancellation was swallowed"
