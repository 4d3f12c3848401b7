from __future__ import annotations

from dataclasses import replace

import pytest

from rules.calls.identify import CalledBy
from rules.calls.rehearsal import Rehearsal, RehearsalQuestion, RehearsalReason, rehearse
from rules.calls.transfer import RingRules
from rules.model import Appointment, BlockedCaller, Line, VipCaller
from rules.text.dialling import DialRules
from tests.rules.sample_facts import (
    ANNA,
    ERIKA,
    HANS_NUMBER,
    HANS_VIP,
    JENS,
    MONDAY_TEN,
    MUSTERMANN,
    WITHOUT_PUT_THROUGH,
    local,
)

LINE = Line("line", "+493023125100", customer_id=MUSTERMANN.id)
SHARED = Line("shared", "+493023125900")
HOLIDAY = Appointment("holiday", "Urlaub", local(2026, 11, 20), local(2026, 11, 28), all_day=True)
MEETING = Appointment("meeting", "Besprechung", local(2026, 11, 23, 9), local(2026, 11, 23, 11))


def rehearsed(customer=MUSTERMANN, **question: object) -> Rehearsal:  # type: ignore[no-untyped-def]
    asked = replace(RehearsalQuestion(LINE.number, MONDAY_TEN, ANNA, HANS_NUMBER), **question)  # type: ignore[arg-type]
    return rehearse(customer, [LINE, SHARED], asked, DialRules(), RingRules())


def erika(**changes: object):  # type: ignore[no-untyped-def]
    return replace(MUSTERMANN, employees=(replace(ERIKA, **changes), JENS))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes, code, hidden",
    [
        ({}, RehearsalReason.PRESENT, ""),
        ({"absence_info": "Nur vormittags"}, RehearsalReason.INFO, ""),
        ({"appointments": (HOLIDAY,)}, RehearsalReason.APPOINTMENT, ""),
        (
            {"appointments": (HOLIDAY,), "absence_info": "Nur vormittags"},
            RehearsalReason.APPOINTMENT_OVER_INFO,
            "Nur vormittags",
        ),
        ({"appointments": (HOLIDAY, MEETING)}, RehearsalReason.APPOINTMENT_OVER_APPOINTMENT, "Urlaub"),
    ],
)
def test_what_an_agent_reads_has_its_reason(
    changes: dict[str, object], code: RehearsalReason, hidden: str
) -> None:
    seen = rehearsed(erika(**changes)).seen("erika")
    assert seen is not None
    assert (seen.because.code, seen.because.params.get("hidden", "")) == (code, hidden)


def test_a_caller_is_known_by_the_entry_that_fits() -> None:
    block = VipCaller("block", "+4917139200*", "Haus Vogt", employee_id="jens")
    cases = (
        ((HANS_VIP,), RehearsalReason.CALLER_VIP_COMPANY),
        ((replace(HANS_VIP, employee_id="erika"),), RehearsalReason.CALLER_VIP_EMPLOYEE),
        ((block,), RehearsalReason.CALLER_VIP_BLOCK),
        ((), RehearsalReason.CALLER_UNKNOWN),
    )
    for vips, code in cases:
        assert rehearsed(replace(MUSTERMANN, vip_callers=vips)).caller_because.code is code
    assert rehearsed(withheld=True).caller_because.code is RehearsalReason.CALLER_WITHHELD
    assert rehearsed(caller="4711x").caller_because.code is RehearsalReason.CALLER_UNREADABLE


def test_the_instruction_says_whose_it_is() -> None:
    assert rehearsed().instruction_because.code is RehearsalReason.INSTRUCTION_NONE
    own = rehearsed(replace(MUSTERMANN, instruction="Nur Notizen."))
    assert (own.instruction, own.instruction_because.code) == (
        "Nur Notizen.",
        RehearsalReason.INSTRUCTION_OWN,
    )
    standard = rehearsed(replace(MUSTERMANN, tariff=WITHOUT_PUT_THROUGH))
    assert standard.instruction.startswith("Momentan ist niemand")
    assert standard.instruction_because.code is RehearsalReason.INSTRUCTION_STANDARD


def test_no_more_are_rung_than_a_live_call_would_ring() -> None:
    asked = RehearsalQuestion(LINE.number, MONDAY_TEN, ANNA)
    seen = rehearse(MUSTERMANN, [LINE], asked, DialRules(), RingRules(most=1)).seen("erika")
    assert seen is not None
    assert [step.employee_id for step in seen.plan.steps] == ["erika"]


def test_on_a_shared_line_the_forwarded_number_tells() -> None:
    told = rehearsed(dialled=SHARED.number, diversion="<sip:+493023125000@phone.example>")
    assert (told.called.customer_id, told.called.reason) == (MUSTERMANN.id, CalledBy.DIVERSION)
    assert rehearsed(dialled=SHARED.number).called.reason is CalledBy.SHARED_UNKNOWN


def test_a_blocked_caller_would_not_arrive_unless_a_vip() -> None:
    blocked = replace(MUSTERMANN, blocked=(BlockedCaller("b", HANS_NUMBER),))
    assert rehearsed(blocked).turned_away
    assert not rehearsed(blocked, withheld=True).turned_away
    assert not rehearsed(blocked, caller="+491713920043").turned_away
    assert not rehearsed(replace(blocked, vip_callers=(HANS_VIP,))).turned_away
