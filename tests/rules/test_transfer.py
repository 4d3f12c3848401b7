from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calls.transfer import (
    Plan,
    RingRules,
    RingStep,
    TransferRefusal,
    describe_unavailable,
    may_put_through,
    plan,
)
from rules.model import Appointment, Caller, Customer, Employee, PutThrough, VipCaller
from rules.text.dialling import DialRules
from tests.rules.sample_facts import (
    ERIKA,
    HANS,
    HANS_AS_VIP,
    HANS_NUMBER,
    JENS,
    LENA,
    MONDAY_TEN,
    MUSTERMANN,
    WITHOUT_PUT_THROUGH,
    company,
    local,
)

RULES = DialRules()
AWAY = Appointment("urlaub", "im Urlaub", local(2026, 11, 23), local(2026, 11, 28), all_day=True)
IN_HOUSE = replace(AWAY, reachable=True)


def tried(customer: Customer, employee: Employee, caller: Caller = HANS) -> tuple[list[str], dict[str, str]]:
    made = plan(customer, employee, caller, MONDAY_TEN, RULES)
    return [step.employee_id for step in made.steps], {s.employee_id: s.reason.code for s in made.skipped}


@pytest.mark.parametrize(
    "change, caller, code",
    [
        ({"put_through": PutThrough.NONE}, HANS_AS_VIP, TransferRefusal.WISH),
        ({"put_through": PutThrough.VIP}, HANS, TransferRefusal.VIP_ONLY),
        ({"extension": " "}, HANS, TransferRefusal.NO_EXTENSION),
        ({"extension": "0900 1234567"}, HANS, TransferRefusal.NUMBER_NOT_ALLOWED),
        ({"appointments": (AWAY,)}, HANS, TransferRefusal.AWAY),
    ],
)
def test_who_is_not_rung_and_why(change: dict[str, object], caller: Caller, code: TransferRefusal) -> None:
    erika = replace(ERIKA, **change)  # type: ignore[arg-type]
    decision = may_put_through(company(erika), erika, caller, MONDAY_TEN, RULES)
    assert not decision
    assert decision.code == code
    assert describe_unavailable(company(erika), erika, caller, MONDAY_TEN, RULES) == decision


def test_a_tariff_without_put_through_refuses_everybody() -> None:
    basic = replace(MUSTERMANN, tariff=WITHOUT_PUT_THROUGH)
    made = plan(basic, ERIKA, HANS_AS_VIP, MONDAY_TEN, RULES)
    assert made.refusal is not None
    assert (made.steps, made.skipped, made.refusal.code) == ((), (), TransferRefusal.TARIFF)


def test_refusals_name_what_the_agent_should_know() -> None:
    away = replace(ERIKA, appointments=(AWAY,))
    premium = replace(ERIKA, extension="0900 1234567")
    told = may_put_through(company(away), away, HANS, MONDAY_TEN, RULES)
    assert not told
    assert told.params == {"until": "2026-11-27T23:00:00+00:00"}
    told = may_put_through(company(premium), premium, HANS, MONDAY_TEN, RULES)
    assert not told
    assert told.params == {"reason": "premium"}


@pytest.mark.parametrize(
    "change, caller",
    [
        ({}, HANS),
        ({"put_through": PutThrough.VIP}, HANS_AS_VIP),
        ({"appointments": (IN_HOUSE,)}, HANS),
        ({"absence_info": "nur vormittags im Hause"}, HANS),
        ({"extension": "030 / 23125-101"}, HANS),
        ({}, Caller(withheld=True)),
    ],
)
def test_who_is_rung(change: dict[str, object], caller: Caller) -> None:
    erika = replace(ERIKA, **change)  # type: ignore[arg-type]
    assert may_put_through(company(erika), erika, caller, MONDAY_TEN, RULES)
    assert describe_unavailable(company(erika), erika, caller, MONDAY_TEN, RULES) is None


def test_a_vip_of_another_employee_is_no_vip_here() -> None:
    vip_of_jens = VipCaller("v", HANS_NUMBER, "Hans", employee_id="jens")
    caller = replace(HANS, vip=vip_of_jens, vips=(vip_of_jens,))
    erika, jens = replace(ERIKA, put_through=PutThrough.VIP), replace(JENS, put_through=PutThrough.VIP)
    house = company(erika, jens)
    assert not may_put_through(house, erika, caller, MONDAY_TEN, RULES)
    assert may_put_through(house, jens, caller, MONDAY_TEN, RULES)


def test_mutual_deputies_are_rung_once_each() -> None:
    assert plan(MUSTERMANN, ERIKA, HANS, MONDAY_TEN, RULES) == Plan(
        steps=(
            RingStep("erika", "+493023125101", 20),
            RingStep("jens", "+493023125102", 20),
        )
    )


def test_the_deputys_deputy_follows() -> None:
    house = company(ERIKA, replace(JENS, deputy_id="lena"), replace(LENA, deputy_id="jens"))
    assert tried(house, ERIKA) == (["erika", "jens", "lena"], {})


def test_oneself_as_deputy_and_a_deputy_who_left_end_the_chain() -> None:
    assert tried(company(replace(ERIKA, deputy_id="erika")), ERIKA)[0] == ["erika"]
    assert tried(company(replace(ERIKA, deputy_id="gone")), ERIKA)[0] == ["erika"]


def test_who_is_away_is_left_out_and_the_deputy_is_tried() -> None:
    erika = replace(ERIKA, appointments=(AWAY,))
    house = company(erika, replace(JENS, appointments=(AWAY,), deputy_id="lena"), LENA)
    assert tried(house, erika) == (["lena"], {"erika": "away", "jens": "away"})


@pytest.mark.parametrize("extension, code", [("", "no_extension"), ("+881612345678", "number_not_allowed")])
def test_without_a_number_that_may_be_dialled_the_deputy_is_tried(extension: str, code: str) -> None:
    erika = replace(ERIKA, extension=extension)
    assert tried(company(erika, JENS), erika) == (["jens"], {"erika": code})


def test_the_wish_of_the_first_employee_holds_for_the_call() -> None:
    erika = replace(ERIKA, put_through=PutThrough.VIP)
    made = plan(company(erika, JENS), erika, HANS, MONDAY_TEN, RULES)
    assert made.refusal is not None
    assert (made.steps, made.refusal.code) == ((), TransferRefusal.VIP_ONLY)


def test_a_deputy_is_asked_by_the_same_rules() -> None:
    house = company(ERIKA, replace(JENS, put_through=PutThrough.NONE, deputy_id="lena"), LENA)
    assert tried(house, ERIKA) == (["erika", "lena"], {"jens": "wish"})


def test_one_telephone_is_rung_once_however_it_is_written() -> None:
    house = company(ERIKA, replace(JENS, extension="030/23125-101", deputy_id="lena"), LENA)
    assert tried(house, ERIKA) == (["erika", "lena"], {"jens": TransferRefusal.SAME_NUMBER})


def test_nobody_left_to_ring_is_a_refusal_with_the_first_reason() -> None:
    erika, jens = replace(ERIKA, appointments=(AWAY,)), replace(JENS, extension="")
    made = plan(company(erika, jens), erika, HANS, MONDAY_TEN, RULES)
    assert made.refusal is not None
    assert made.refusal.code == TransferRefusal.AWAY
    assert len(made.skipped) == 2


def test_each_employee_may_have_a_time_of_their_own() -> None:
    house = company(replace(ERIKA, ring_seconds=7), JENS)
    steps = plan(house, house.employees[0], HANS, MONDAY_TEN, RULES, RingRules(seconds=15)).steps
    assert [step.ring_seconds for step in steps] == [7, 15]


@st.composite
def houses(draw: st.DrawFn) -> Customer:
    """Up to six people with any deputies, wishes, numbers and absences."""
    count = draw(st.integers(1, 6))
    numbers = ("", "+493023125199", "0900 123")
    people = [
        replace(
            LENA,
            id=str(number),
            deputy_id=draw(st.sampled_from([None, *map(str, range(count))])),
            put_through=draw(st.sampled_from(PutThrough)),
            extension=draw(st.sampled_from([*numbers, f"+49302312510{number}"])),
            appointments=draw(st.sampled_from([(), (AWAY,), (IN_HOUSE,)])),
        )
        for number in range(count)
    ]
    return company(*people)


@given(houses(), st.sampled_from([HANS, HANS_AS_VIP]))
def test_a_plan_ends_rings_nobody_twice_and_always_has_an_answer(house: Customer, caller: Caller) -> None:
    made = plan(house, house.employees[0], caller, MONDAY_TEN, RULES)
    people = [step.employee_id for step in made.steps] + [skip.employee_id for skip in made.skipped]
    numbers = [step.number for step in made.steps]
    assert len(people) == len(set(people))
    assert len(numbers) == len(set(numbers))
    assert bool(made.steps) == (made.refusal is None)
    for step in made.steps:
        employee = house.employee(step.employee_id)
        assert employee
        assert may_put_through(house, employee, caller, MONDAY_TEN, RULES)


def test_the_same_plan_another_day() -> None:
    erika = replace(ERIKA, appointments=(AWAY,))
    back = datetime.fromisoformat("2026-11-28T00:00:00+01:00")
    steps = plan(company(erika, JENS), erika, HANS, back, RULES).steps
    assert [step.employee_id for step in steps] == ["erika", "jens"]


def test_an_internal_extension_is_rung_and_stands_for_one_telephone() -> None:
    rules = replace(RULES, internal="[1-8][0-9]{1,3}")
    erika, jens = replace(ERIKA, extension="111"), replace(JENS, extension="1-11")
    made = plan(company(erika, jens), erika, HANS, MONDAY_TEN, rules)
    assert [(step.employee_id, step.number) for step in made.steps] == [("erika", "111")]
    assert [one.reason.code for one in made.skipped] == [TransferRefusal.SAME_NUMBER]
    closed = plan(company(erika, jens), erika, HANS, MONDAY_TEN, RULES)
    assert closed.refusal is not None
    assert closed.refusal.params["reason"] == "short"


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_no_more_people_are_in_a_plan_than_are_tried(most: int) -> None:
    names = [f"p{number}" for number in range(6)]
    people = [
        replace(JENS, id=name, extension=f"03023125{140 + at}", deputy_id=deputy)
        for at, (name, deputy) in enumerate(zip(names, [*names[1:], None], strict=True))
    ]
    made = plan(company(*people), people[0], HANS, MONDAY_TEN, RULES, RingRules(most=most))
    assert [step.employee_id for step in made.steps] == names[:most]
