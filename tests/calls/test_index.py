from __future__ import annotations

from dataclasses import replace

import pytest

from pbx_bridge.calls.events import CallArrived
from pbx_bridge.directory.resolver import Resolver
from rules.calls.identify import CalledBy
from rules.model import Line, VipCaller
from tests.calls.sample_index import LINES, MUSTERMANN, index

HISTORY = "<sip:+493023125600@carrier.example>;index=1"


def call(dialled: str, caller: str = "491713920042", **more: str) -> CallArrived:
    return CallArrived("1.1", "PJSIP/trunk-1", dialled, caller, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event, customer, reason",
    [
        (call("493023125100"), "mustermann", CalledBy.LINE),
        (call("03023125101"), "sommer", CalledBy.LINE),
        (call("493023125199", diversion="493023125500"), "mustermann", CalledBy.DIVERSION),
        (call("493023125199", history_info=HISTORY), "sommer", CalledBy.HISTORY_INFO),
        (call("493023125199"), None, CalledBy.SHARED_UNKNOWN),
        (call("493023125777"), None, CalledBy.LINE_UNKNOWN),
    ],
)
def test_whose_call(event: CallArrived, customer: str | None, reason: CalledBy) -> None:
    called = Resolver(index())(event).called
    assert (called.customer_id, called.reason) == (customer, reason)


def test_the_longest_vip_entry_wins_and_a_withheld_number_is_nobody() -> None:
    resolve = Resolver(index())
    vip = resolve(call("493023125100")).caller.vip
    assert vip
    assert vip.name == "Jens Müller"
    block = resolve(call("493023125100", "491713920007")).caller.vip
    assert block
    assert block.name == "Großhandel Nord"
    assert resolve(replace(call("493023125100", "anonymous"), withheld=True)).caller.withheld


def test_a_vip_of_one_company_is_nobody_to_another() -> None:
    assert Resolver(index())(call("493023125101")).caller.vip is None


def test_a_change_is_seen_by_the_next_call() -> None:
    known = index()
    resolve = Resolver(known)
    changed = replace(
        MUSTERMANN,
        version=2,
        public_numbers=("+493023125700",),
        vip_callers=(VipCaller("x", "+4917139200*", "Neu"),),
    )
    known.replace(changed)
    vip = resolve(call("493023125100")).caller.vip
    assert vip
    assert vip.name == "Neu"
    assert known.customer_of("+493023125500") is None
    assert known.customer_of("+493023125700") == "mustermann"
    known.replace(MUSTERMANN)
    assert known.customer("mustermann") is changed, "an older version does not come back"


def test_a_line_of_a_customer_who_left_counts_as_shared() -> None:
    known = index()
    known.remove("mustermann")
    assert Resolver(known)(call("493023125100")).called.reason is CalledBy.SHARED_UNKNOWN
    assert known.customer_of("+493023125500") is None


def test_lines_are_replaced_as_a_whole() -> None:
    known = index()
    known.set_lines([*LINES[1:], Line("l9", "+493023125109", "DE", "mustermann")])
    assert Resolver(known)(call("493023125109")).called.customer_id == "mustermann"
    assert Resolver(known)(call("493023125100")).called.customer_id is None
