from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.calls.picking import Picker, PickRefusal, Waits, pick
from rules.decision import Refused

FREE, WAITS = Picker(signed_in=True), Waits(live=True, waits=True)


def test_whoever_is_free_may_pick_whoever_waits() -> None:
    assert pick(FREE, WAITS) is None


@pytest.mark.parametrize(
    "picker, caller, reason",
    [
        ({}, {"live": False}, PickRefusal.CALL_OVER),
        ({}, {"waits": False}, PickRefusal.NOT_WAITING),
        ({}, {"rings_only_here": True}, PickRefusal.RINGS_ALREADY),
        ({"signed_in": False}, {}, PickRefusal.SIGNED_OUT),
        ({"reachable": False}, {}, PickRefusal.NO_PHONE),
        ({"in_call": True}, {}, PickRefusal.IN_CALL),
        ({"pauses": True}, {}, PickRefusal.PAUSED),
        ({"fetching": True}, {}, PickRefusal.ONE_AT_A_TIME),
        # the first reason that helps is told
        ({"in_call": True, "pauses": True}, {}, PickRefusal.IN_CALL),
        ({"signed_in": False, "reachable": False}, {}, PickRefusal.SIGNED_OUT),
        ({"pauses": True}, {"waits": False}, PickRefusal.NOT_WAITING),
        ({"in_call": True}, {"live": False, "waits": False}, PickRefusal.CALL_OVER),
    ],
)
def test_all_others_learn_why_not(
    picker: dict[str, Any], caller: dict[str, Any], reason: PickRefusal
) -> None:
    refused = pick(replace(FREE, **picker), replace(WAITS, **caller))
    assert refused == Refused(reason)


def test_who_was_faster_is_named() -> None:
    refused = pick(FREE, replace(WAITS, picked_by="PJSIP/ben", waits=False))
    assert refused == Refused(PickRefusal.PICKED_ALREADY, {"agent": "PJSIP/ben"})
