"""What the PBX has to remember is worked out only where something changed, and is always the whole truth."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from pbx_bridge.directory.index import Index
from pbx_bridge.telephony.astdb import desired
from pbx_bridge.telephony.astdb.blocklist import EVERYBODY
from pbx_bridge.telephony.astdb.desired import DesiredEntries
from rules.calls.blocking import turned_away
from rules.model import BlockedCaller, Customer, Line, VipCaller
from rules.text.phone_numbers import dial_digits
from rules.vocabulary import ServiceState
from tests.rules.sample_facts import MUSTERMANN

PUSHY, SHARED = "+493023125777", "+493023125900"


@dataclass
class Told:
    """What the PBX would know."""

    names: dict[str, str] = field(default_factory=dict)
    walls: dict[str, frozenset[str]] = field(default_factory=dict)

    def take(self, names: Mapping[str, str], walls: Mapping[str, frozenset[str] | None]) -> None:
        self.names = {number: name for number, name in {**self.names, **names}.items() if name}
        self.walls = {number: wall for number, wall in {**self.walls, **walls}.items() if wall is not None}


def company(name: str, **changes: object) -> Customer:
    return replace(MUSTERMANN, id=name, name=name, public_numbers=(), employees=(), blocked=(), **changes)  # type: ignore[arg-type]


def line(number: str, owner: str | None = None) -> Line:
    return Line(number, number, customer_id=owner)


async def told_at_once(companies: Iterable[Customer], lines: tuple[Line, ...]) -> Told:
    told, index = Told(), Index(companies, lines)
    await DesiredEntries(index, told.take).changed(index.customers, lines)
    return told


async def test_walls_stand_at_every_number_of_the_company_and_at_no_other() -> None:
    pushy = replace(company("pushy"), blocked=(BlockedCaller("b", PUSHY),), public_numbers=("030 23125000",))
    lines = (
        line("+493023125100", "pushy"),
        line("+493023125101", "pushy"),
        line("+493023125200", "doctor"),
        line(SHARED),
        line("+493023125300", "nobody"),
    )

    told = await told_at_once((pushy, company("doctor")), lines)

    assert told.walls == {
        "+493023125000": {dial_digits(PUSHY)},
        "+493023125100": {dial_digits(PUSHY)},
        "+493023125101": {dial_digits(PUSHY)},
        "+493023125200": frozenset(),
    }
    assert told.names == {"+493023125100": "pushy", "+493023125101": "pushy", "+493023125200": "doctor"}


async def test_a_line_s_own_company_decides_where_another_calls_the_same_number_its_own() -> None:
    pushy = replace(company("pushy"), blocked=(BlockedCaller("b", PUSHY),), public_numbers=("+493023125200",))

    told = await told_at_once((pushy, company("doctor")), (line("+493023125200", "doctor"),))

    assert told.walls == {"+493023125200": frozenset()}


async def test_a_line_that_is_nobody_s_or_gone_is_told_without_a_name_and_no_other_number_is() -> None:
    pushy = replace(company("pushy"), public_numbers=("030 23125000", "+493023125200"))
    lines = (line("+493023125100", "pushy"), line("+493023125200"), line(SHARED))
    index, told = Index([pushy], lines), list[Mapping[str, str]]()
    house = DesiredEntries(index, lambda names, _walls: told.append(names))
    await house.changed(index.customers, lines)
    assert told.pop() == {"+493023125100": "pushy", "+493023125200": "", SHARED: ""}
    index.set_lines(lines[:1])
    await house.changed((), lines[:1])
    assert told.pop() == {"+493023125200": "", SHARED: ""}


@pytest.mark.parametrize("seed", range(20))
async def test_after_any_changes_the_pbx_knows_what_it_would_know_from_the_beginning(seed: int) -> None:
    chance, told, index = random.Random(seed), Told(), Index()
    house = DesiredEntries(index, told.take)
    companies: dict[str, Customer] = {}
    lines: tuple[Line, ...] = ()
    for version in range(60):
        if chance.random() < 0.3:
            numbers = chance.sample(range(12), chance.randrange(8))
            owners = [None, *"abc", "nobody"]
            lines = tuple(line(f"+4930231251{n:02}", chance.choice(owners)) for n in numbers)
            index.set_lines(lines)
            await house.changed((), lines)
            assert told == await told_at_once(companies.values(), lines)
            continue
        name = chance.choice("abc")
        if chance.random() < 0.2:
            companies.pop(name, None)
            index.remove(name)
        else:
            companies[name] = made(name, version, chance)
            index.replace(companies[name])
        await house.changed([name])
        assert told == await told_at_once(companies.values(), lines)


def made(name: str, version: int, chance: random.Random) -> Customer:
    blocked = tuple(BlockedCaller(f"{n}", f"+4930231251{n:02}") for n in chance.sample(range(12), 3))
    vips = (VipCaller("v", f"+4930231251{chance.randrange(12):02}", "Hans Müller"),)
    own = range("abc".index(name) * 4, "abc".index(name) * 4 + 4)  # a number is one company's own
    publics = tuple(f"+4930231251{n:02}" for n in chance.sample(own, 2))
    known = replace(company(name), name=f"{name}{chance.randrange(3)}", public_numbers=publics)
    return replace(known, blocked=blocked, vip_callers=vips, version=version)


async def test_among_thousands_only_the_changed_company_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    companies = [company(f"c{number}") for number in range(3_000)]
    lines = tuple(line(f"+493023{number:06}", f"c{number}") for number in range(3_000))
    index, told, looked_at = Index(companies, lines), Told(), list[str]()
    house = DesiredEntries(index, told.take)
    await house.changed(index.customers, lines)

    def counted(customer: Customer, *facts: object) -> object:
        looked_at.append(customer.id)
        return turned_away(customer, *facts)  # type: ignore[arg-type]

    monkeypatch.setattr(desired, "turned_away", counted)
    index.replace(replace(companies[7], name="umbenannt", blocked=(BlockedCaller("b", PUSHY),), version=2))
    await house.changed(["c7"])

    assert looked_at == ["c7"]
    assert told.names["+493023000007"] == "umbenannt"
    assert told.walls["+493023000007"] == {dial_digits(PUSHY)}


@pytest.mark.parametrize("state", ServiceState)
async def test_a_company_that_rests_is_engaged_at_each_of_its_numbers(state: ServiceState) -> None:
    resting = replace(company("resting"), service=state, public_numbers=("030 23125000",))
    lines = (line("+493023125100", "resting"), line("+493023125200", "doctor"), line(SHARED))
    told = await told_at_once((resting, company("doctor")), lines)
    engaged = {EVERYBODY} if state in {ServiceState.SUSPENDED, ServiceState.ENDING} else set[str]()
    assert told.walls == {
        "+493023125100": engaged,
        "+493023125000": engaged,
        "+493023125200": frozenset(),
    }
