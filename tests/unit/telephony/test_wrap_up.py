"""When the time for a note begins and ends, as the queue tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.telephony.wrap_up import WrapUp
from tests.calls.call_events import AGENT_GONE, ANNA, CALL, CALLER_GONE, LEFT, LEG, NOW, TO_TALKING, registry
from tests.played_pbx import PlayedPbx

WRAPPING = ev.MemberChanged(ANNA, "sec", True, "wrap_up", ev.MemberStatus.FREE)
BACK = ev.MemberChanged(ANNA, "sec", False, "", ev.MemberStatus.FREE)
SECONDS = 60.0


@pytest.fixture
def seen() -> Registry:
    """Anna has put the receiver down and has a note to write."""
    return registry(WRAPPING)


@pytest.fixture
async def wrap_up(seen: Registry) -> AsyncIterator[WrapUp]:
    """Nothing of it is begun yet."""
    queue = AgentQueue(PlayedPbx(lambda _: None))
    made = WrapUp(queue, seen, SECONDS, lambda: NOW, lambda *_: None)
    yield made
    made.close()


async def test_it_begins_and_ends_with_what_is_told_of_the_agent(seen: Registry, wrap_up: WrapUp) -> None:
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    assert wrap_up.until(ANNA) == NOW + timedelta(seconds=SECONDS)
    seen.apply(BACK, NOW)
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    assert wrap_up.until(ANNA) is None


@pytest.mark.parametrize("gone", [ev.MemberRemoved(ANNA, "sec"), BACK], ids=["left the queue", "is back"])
async def test_a_snapshot_tells_what_was_not_told(seen: Registry, wrap_up: WrapUp, gone: ev.PbxEvent) -> None:
    wrap_up.resynced(Resynced())
    assert wrap_up.until(ANNA) == NOW + timedelta(seconds=SECONDS)
    seen.apply(gone, NOW)
    wrap_up.resynced(Resynced())
    assert wrap_up.until(ANNA) is None


async def test_whose_call_a_colleague_has_now_has_nothing_left_to_write(wrap_up: WrapUp) -> None:
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    wrap_up.call_lost(ANNA)
    assert wrap_up.until(ANNA) == NOW


async def test_unless_they_have_another_call(seen: Registry, wrap_up: WrapUp) -> None:
    for event in TO_TALKING:
        seen.apply(event, NOW)
    assert seen.agents[ANNA].call is not None
    wrap_up.call_lost(ANNA)
    for event in (LEFT, AGENT_GONE, CALLER_GONE, WRAPPING):
        seen.apply(event, NOW)
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    assert wrap_up.until(ANNA) == NOW + timedelta(seconds=SECONDS)


@pytest.mark.parametrize(
    ("later", "seconds"), [(25.9, 25), (500, 60)], ids=["a note", "no answer of the PBX"]
)
async def test_each_is_told_once_with_its_call_and_its_seconds(
    seen: Registry, later: float, seconds: int
) -> None:
    now = [NOW]
    told: list[tuple[object, ...]] = []
    queue = AgentQueue(PlayedPbx(lambda _: None))
    wrap_up = WrapUp(queue, seen, SECONDS, lambda: now[0], lambda *one: told.append(one))
    for event in (BACK, *TO_TALKING):
        seen.apply(event, NOW)
    await wrap_up.answered(fx.Answered(CALL, ANNA))
    call = seen.calls[CALL]
    for event in (WRAPPING, LEFT, AGENT_GONE):
        seen.apply(event, NOW)
        wrap_up.agent_changed(fx.AgentChanged(ANNA))
    wrap_up.note_saved(ANNA)
    assert told == [], "the queue has not let go of her yet"
    now[0] += timedelta(seconds=later)
    seen.apply(BACK, now[0])
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    wrap_up.resynced(Resynced())
    assert told == [(ANNA, (call.id, LEG), NOW, seconds)]
    seen.apply(WRAPPING, now[0])
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    seen.apply(BACK, now[0])
    wrap_up.agent_changed(fx.AgentChanged(ANNA))
    assert told[1:] == [(ANNA, None, now[0], 0)], "of which call, only the database can tell"
    wrap_up.close()
