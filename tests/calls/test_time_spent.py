"""When a call's time turns to something else, as bridges prove it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.message import Message
from rules.billing.terms import CallTime
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, CHANNEL, LEG, NOW, registry

TALK, HOLD, ASKED, JOINED = CallTime.TALK, CallTime.HOLD, CallTime.CONSULTATION, CallTime.PUT_THROUGH
EMPLOYEE = "Local/491713920001@sec-target-1;1"
RUNG = ev.Bridged(CALL, f"{CALL}-a1", EMPLOYEE, "ask")
ANNA_ASKS = ev.Bridged(CALL, LEG, CHANNEL, "ask")
EMPLOYEE_GONE = ev.HungUp(CALL, f"{CALL}-a1", EMPLOYEE, 16)
COLLEAGUE = ev.Bridged(CALL, f"{CALL}-c1", "Local/1ben@sec-colleague-1;1", "ask")
ASKING = (*happens.TO_TALKING, happens.CALLER_HELD, RUNG, ANNA_ASKS)


@pytest.mark.parametrize(
    ("events", "turns"),
    [
        (happens.TO_TALKING, []),
        ((*happens.TO_TALKING, happens.CALLER_GONE), []),
        ((*happens.TO_TALKING, happens.CALLER_HELD, happens.CALLER_IN, happens.AGENT_IN), [HOLD, TALK]),
        (ASKING, [HOLD, ASKED]),
        ((*ASKING, EMPLOYEE_GONE), [HOLD, ASKED, HOLD]),
        ((*ASKING, happens.CALLER_IN, happens.EMPLOYEE_IN, happens.LEFT), [HOLD, ASKED, JOINED]),
        ((*happens.TO_TALKING, happens.CALLER_HELD, COLLEAGUE, ANNA_ASKS), [HOLD]),
        (
            (
                *happens.TO_TALKING,
                happens.CALLER_HELD,
                happens.AGENT_GONE,
                happens.HOLD_ENDED,
                happens.QUEUED,
            ),
            [HOLD, None],
        ),
    ],
    ids=["talk", "over", "held", "asked", "left", "put through", "a colleague", "fell back"],
)
def test_only_what_is_new_is_told(events: Sequence[Message], turns: Sequence[CallTime | None]) -> None:
    seen = registry()
    told: list[CallTime | None] = []
    for event in events:
        told += [one.on for one in seen.apply(event, NOW) if isinstance(one, fx.TimeTurned)]
    assert told == turns


def test_a_call_that_is_taken_up_says_what_it_is_at() -> None:
    """Whoever was there before has written down other turns."""
    caller = ev.LiveLeg(CALL, CALL, happens.CALLER, "hold", "sec-hold", "BridgeWait", dialled="493023125100")
    agent = ev.LiveLeg(CALL, LEG, CHANNEL, where="sec-held")
    member = ev.MemberChanged(ANNA, "sec", False, "", ev.MemberStatus.IN_USE)
    told = registry().apply(ev.Snapshot((caller, agent), (member,)), NOW)
    assert [one.on for one in told if isinstance(one, fx.TimeTurned)] == [HOLD]
