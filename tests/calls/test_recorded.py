from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import EndReason, Phase
from pbx_bridge.calls.registry import Registry
from tests.calls.call_events import registry
from tests.calls.recordings import NAMES, recorded

ENDS = {
    "abandoned-ringing": EndReason.ABANDONED,
    "agent-noanswer": EndReason.ABANDONED,
    "plain-callerhangup": EndReason.CALLER,
    "hold-busy_deputy_accepts": EndReason.JOINED,
    "talk-busy_deputy_accepts": EndReason.JOINED,
    "hold-agent_hangs_up_ringing": EndReason.CALLER,
    "hold-decline_back_to_caller": EndReason.AGENT,
}


def final(house: Registry) -> tuple[Phase, EndReason | None, str | None]:
    (call,) = house.calls.values()
    return call.phase, call.end_reason, call.agent


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_call_ends_as_it_did(name: str) -> None:
    house = registry(*recorded(name))
    assert final(house)[:2] == (Phase.ENDED, ENDS[name.partition("-")[2]])
    assert all(agent.call is None for agent in house.agents.values())


def shaken(events: list[ev.PbxEvent], keys: list[float], copies: list[bool]) -> list[ev.PbxEvent]:
    """The same stream as a bad day would bring it: neighbours change places, some come twice."""
    order = sorted(range(len(events)), key=lambda i: i + 3 * keys[i % len(keys)])
    return [events[i] for i in order for _ in range(1 + copies[i % len(copies)])]


@pytest.mark.parametrize("name", [name for name in NAMES if "agent_hangs_up" not in name])
@given(st.lists(st.floats(0, 1), min_size=5, max_size=40), st.lists(st.booleans(), min_size=5, max_size=40))
@settings(max_examples=40)
def test_neighbours_that_change_places_and_copies_lead_to_the_same_end(
    name: str, keys: list[float], copies: list[bool]
) -> None:
    events = recorded(name)
    assert final(registry(*shaken(events, keys, copies))) == final(registry(*events))


@pytest.mark.parametrize("name", NAMES)
@given(st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_in_whatever_order_all_comes_the_call_is_over_and_nobody_is_busy(name: str, chance: object) -> None:
    events = recorded(name)
    chance.shuffle(events)  # type: ignore[attr-defined]
    events.sort(key=lambda event: not isinstance(event, ev.CallArrived))  # the first word of its channel
    house = registry(*events)
    assert all(not call.live for call in house.calls.values())
    assert all(agent.call is None for agent in house.agents.values())


@pytest.mark.parametrize("name", NAMES)
def test_any_one_event_may_be_missing(name: str) -> None:
    events = recorded(name)
    caller = next(event.call for event in events if isinstance(event, ev.CallArrived))
    for missing in events:
        if isinstance(missing, ev.HungUp) and missing.leg == caller:
            continue  # only a snapshot can tell then: test_registry
        house = registry(*(event for event in events if event is not missing))
        assert all(not call.live for call in house.calls.values())
        assert all(agent.call is None for agent in house.agents.values())
