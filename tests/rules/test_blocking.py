from __future__ import annotations

from dataclasses import replace

import pytest

from rules.calls.blocking import BlockRefusal, is_turned_away, may_block, read, turned_away
from rules.calls.vip import VipTable
from rules.decision import Refused
from rules.fault import Fault
from rules.model import BlockedCaller, BlockReason, Customer, VipCaller
from rules.stepwise import at_once
from tests.rules.sample_facts import ERIKA, HANS_NUMBER, HANS_VIP, JENS, MUSTERMANN, company

LINE = "+493023125900"
PUSHY = "+493023125777"
NOBODY_IS_VIP = VipTable().find


def refusal(number: str, customer: Customer = MUSTERMANN, *vips: VipCaller) -> Refused | None:
    """Why not, or None."""
    decision = may_block(number, customer, VipTable(vips).find, {LINE})
    return decision if isinstance(decision, Refused) else None


@pytest.mark.parametrize("number", [PUSHY, HANS_NUMBER, "+442079460000", "+4932221234567"])
def test_a_number_that_is_known_may_be_blocked_from_wherever_it_is(number: str) -> None:
    assert refusal(number) is None


@pytest.mark.parametrize(
    "number,code",
    [
        ("", BlockRefusal.WITHHELD),
        ("112", BlockRefusal.NOT_A_CALLER),
        ("+49112", BlockRefusal.NOT_A_CALLER),
        ("+4930110", BlockRefusal.NOT_A_CALLER),
        ("19222", BlockRefusal.NOT_A_CALLER),
        ("12", BlockRefusal.NOT_A_CALLER),
        ("*21#", BlockRefusal.NOT_A_CALLER),
        ("Reklame", BlockRefusal.NOT_A_CALLER),
        (LINE, BlockRefusal.SECRETARIAT),
        ("+493023125000", BlockRefusal.COMPANY),  # what callers of the company dial
        (ERIKA.mobile, BlockRefusal.COMPANY),
        (JENS.extension, BlockRefusal.COMPANY),
    ],
)
def test_who_is_never_blocked(number: str, code: BlockRefusal) -> None:
    refused = refusal(number)
    assert refused is not None
    assert (refused.code, refused.params) == (code, {})


def test_another_company_s_employee_may_be_blocked() -> None:
    assert refusal(ERIKA.mobile, company(JENS)) is None


@pytest.mark.parametrize(
    "vip",
    [HANS_VIP, VipCaller("b", "+4917139200*", "Hans Müller"), replace(HANS_VIP, employee_id="erika")],
    ids=["of the company", "by a block", "of one employee"],
)
def test_a_vip_is_never_blocked_and_is_named(vip: VipCaller) -> None:
    refused = refusal(HANS_NUMBER, MUSTERMANN, vip)
    assert refused == Refused(BlockRefusal.VIP, {"name": "Hans Müller"})


def test_whoever_became_a_vip_or_an_employee_meanwhile_gets_through() -> None:
    blocked = tuple(BlockedCaller(number, number) for number in (PUSHY, HANS_NUMBER, ERIKA.mobile, LINE))
    customer = replace(MUSTERMANN, blocked=blocked)

    find = VipTable((HANS_VIP,)).find
    assert at_once(turned_away(customer, find, {LINE})) == {PUSHY}
    assert {one.number for one in blocked if is_turned_away(one.number, customer, find, {LINE})} == {PUSHY}
    free = replace(customer, employees=())
    assert at_once(turned_away(free, NOBODY_IS_VIP, ())) == {one.number for one in blocked}
    assert not is_turned_away("+493023125779", free, NOBODY_IS_VIP, ())


@pytest.mark.parametrize(
    "typed, wanted",
    [
        ({"number": " 030 23125-777 "}, BlockedCaller("", PUSHY, BlockReason.OTHER)),
        ({"number": PUSHY, "reason": "advertising"}, BlockedCaller("", PUSHY, BlockReason.ADVERTISING)),
        ({"number": PUSHY, "reason": "weather"}, BlockedCaller("", PUSHY, BlockReason.OTHER)),
        (
            {"number": PUSHY, "remark": " jeden Tag "},
            BlockedCaller("", PUSHY, BlockReason.OTHER, "jeden Tag"),
        ),
        ({"number": " "}, (Fault("number", "required"),)),
        ({"number": "unbekannt"}, (Fault("number", BlockRefusal.NOT_A_CALLER),)),
        ({"number": "23125777"}, (Fault("number", BlockRefusal.NOT_A_CALLER),)),
        (
            {"number": PUSHY, "remark": "x" * 201},
            (Fault("remark", "too_long", {"length": "201", "max": "200"}),),
        ),
    ],
)
def test_a_form_names_whom_to_block(typed: dict[str, str], wanted: BlockedCaller | tuple[Fault, ...]) -> None:
    assert read({"number": "", "reason": "", "remark": ""} | typed, "DE") == wanted
