from __future__ import annotations

from dataclasses import replace

import pytest

from rules.blocking import BlockRefusal, may_block, turned_away, walls
from rules.decision import Refused
from rules.model import BlockedCaller, Customer, Line, VipCaller
from rules.vip import VipTable
from tests.rules.cast import ERIKA, HANS_NUMBER, HANS_VIP, JENS, MUSTERMANN, company

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

    assert turned_away(customer, VipTable((HANS_VIP,)).find, {LINE}) == {PUSHY}
    assert turned_away(replace(customer, employees=()), NOBODY_IS_VIP, ()) == {
        number.number for number in blocked
    }


def test_walls_stand_at_every_number_of_the_company_and_at_no_other() -> None:
    pushy = replace(MUSTERMANN, blocked=(BlockedCaller("b", PUSHY),), public_numbers=("030 23125000",))
    doctor = replace(MUSTERMANN, id="doctor", name="Praxis Dr. Sommer", public_numbers=(), blocked=())
    lines = (
        Line("own", "+493023125100", customer_id=pushy.id),
        Line("second", "+493023125101", customer_id=pushy.id),
        Line("doctor", "+493023125200", customer_id=doctor.id),
        Line("shared", LINE),
        Line("left", "+493023125300", customer_id="nobody"),
    )

    assert walls((pushy, doctor), lines, lambda _: NOBODY_IS_VIP) == {
        "+493023125000": {PUSHY},
        "+493023125100": {PUSHY},
        "+493023125101": {PUSHY},
        "+493023125200": frozenset(),
    }


def test_a_line_s_own_company_decides_where_another_calls_the_same_number_its_own() -> None:
    pushy = replace(MUSTERMANN, blocked=(BlockedCaller("b", PUSHY),), public_numbers=("+493023125200",))
    doctor = replace(MUSTERMANN, id="doctor", blocked=(), public_numbers=())
    line = Line("doctor", "+493023125200", customer_id="doctor")

    assert walls((pushy, doctor), (line,), lambda _: NOBODY_IS_VIP) == {"+493023125200": frozenset()}
