"""The screen pop: what the agent must know before the first word, from facts and rules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.directory.index import Index
from pbx_bridge.time_slices import finished
from rules.calls.greeting import instruction, spoken_greeting
from rules.calls.number_outside import named_numbers
from rules.calls.transfer import RingRules, may_put_through, plan
from rules.calls.vip import hints
from rules.customers.directory import FEW, Directory, answers, directory, find_answers
from rules.customers.namesakes import alike, hint
from rules.model import Agent, Caller, Customer, Employee, Line
from rules.presence.availability import availability, next_change
from rules.stepwise import Steps, at_once
from rules.text.dialling import DialRules
from rules.text.names import fold, sort_key, split_name
from rules.text.phone_numbers import national

Translate = Callable[..., str]
"""`translate(locale, key, **params)`: a sentence of the desk's catalogue."""

_encode = msgspec.json.Encoder().encode
SHOWN = 50
"""Employees and answers of a company that has more than a `FEW`: the desk finds the others by typing."""
CACHED_COMPANIES, CACHED_NUMBERS = 4_096, 16_384
_shown = lru_cache(maxsize=CACHED_NUMBERS)(national)

View = TypeVar("View")

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Company:
    """What all pops of one company, caller class and time have in common; the lists are JSON already."""

    until: datetime
    company: p.CompanyView
    instruction: str
    employees: list[p.EmployeeView]
    faq: list[p.FaqView]
    note_fields: list[p.NoteFieldView]
    employees_total: int
    faq_total: int
    names: dict[str, str]
    numbers: list[p.NumberView]
    text_blocks: list[p.TextBlockView]


class Pops:
    """Makes pops. The company's part is kept until the customer changes or somebody's availability turns."""

    def __init__(self, dial_rules: DialRules, ring: RingRules, translate: Translate, index: Index) -> None:
        self._dial_rules = dial_rules
        self._ring = ring
        self._translate, self._index = translate, index
        self._companies: OrderedDict[tuple[str, int, str], _Company] = OrderedDict()

    def pop(
        self, call: CallState, caller: Caller, customer: Customer | None, agent: Agent, now: datetime
    ) -> p.ScreenPop:
        """The whole pop of this call for this agent at `now`; without a customer a neutral one."""
        if customer is None:
            return self._neutral(call, caller, agent)
        part = self._company(customer, caller, now)
        return p.ScreenPop(
            call=call.id,
            company=part.company,
            greeting=spoken_greeting(customer.greeting, agent),
            instruction=part.instruction,
            caller=caller_view(caller, customer, customer.region),
            employees=part.employees,
            faq=part.faq,
            note_fields=part.note_fields,
            line=_shown(call.line, customer.region),
            arrived_at=call.arrived_at,
            zone=customer.zone,
            employees_total=part.employees_total,
            faq_total=part.faq_total,
            names=part.names,
            numbers=part.numbers,
            text_blocks=part.text_blocks,
        )

    async def warm(self, customer: Customer, now: datetime, caller: Caller | None = None) -> None:
        """Have the part of callers like this one ready, or of those who are no VIP; of a big company that
        takes a while."""
        caller = caller or Caller()
        key = (customer.id, customer.version, caller_class(caller))
        part = self._companies.get(key)
        if part is None or part.until <= now:
            self._keep(key, await finished(self._make_company(customer, caller, now)))

    def warm_line(self, line: Line) -> None:
        """Have this line ready in the form in which it is shown: formatting is slow the first time."""
        _shown(line.number, line.region)

    def valid_until(self, customer: Customer, caller: Caller, now: datetime) -> datetime:
        """When the pop of this caller turns by itself, because an absence begins or ends."""
        return self._company(customer, caller, now).until

    def _company(self, customer: Customer, caller: Caller, now: datetime) -> _Company:
        key = (customer.id, customer.version, caller_class(caller))
        part = self._companies.get(key)
        if part is None or part.until <= now:
            part = at_once(self._make_company(customer, caller, now))
        self._keep(key, part)
        return part

    def _keep(self, key: tuple[str, int, str], part: _Company) -> None:
        self._companies[key] = part
        self._companies.move_to_end(key)
        if len(self._companies) > CACHED_COMPANIES:
            self._companies.popitem(last=False)

    def _make_company(self, customer: Customer, caller: Caller, now: datetime) -> Steps[_Company]:
        shown = self._first(customer, caller)
        views, names, until = yield from self._views(customer, caller, shown, now)
        outside = yield from named_numbers(customer, self._dial_rules, self._index.is_ours)
        some = customer.faq if len(customer.faq) <= FEW else customer.faq[:SHOWN]
        return _Company(
            until=until,
            company=p.CompanyView(
                id=customer.id,
                name=customer.name,
                spoken_name=customer.spoken_name,
                hue=customer.hue,
                confidential=customer.confidential,
                put_through=customer.tariff.put_through,
                language=customer.answering.foreign_language,
            ),
            instruction=instruction(customer),
            employees=_ready(views),
            faq=_ready([p.FaqView(f.question, f.answer) for f in some]),
            note_fields=_ready(
                [
                    p.NoteFieldView(f.key, f.label, f.kind.value, f.required, list(f.choices), f.help)
                    for f in customer.asked_fields
                ]
            ),
            employees_total=len(customer.employees),
            faq_total=len(customer.faq),
            names=names,
            numbers=[
                p.NumberView(one.number, _shown(one.number, customer.region), one.label) for one in outside
            ],
            text_blocks=_ready([p.TextBlockView(one.name, one.text) for one in customer.text_blocks]),
        )

    def _first(self, customer: Customer, caller: Caller) -> list[Employee]:
        """Everybody in order; of a big company those who know the caller, and the first ones."""
        if len(customer.employees) <= FEW:
            return sorted(customer.employees, key=lambda e: sort_key(e.name))
        owners = (customer.employee(vip.employee_id) for vip in caller.vips[: SHOWN // 2])
        chosen = {owner.id: owner for owner in owners if owner}
        listed = self._directory(customer).by_family[:SHOWN]
        chosen |= {one.employee.id: one.employee for one in listed}
        return list(chosen.values())[:SHOWN]

    def _directory(self, customer: Customer) -> Directory:
        return self._index.directory(customer.id) or directory(customer.employees)

    def _views(
        self, customer: Customer, caller: Caller, shown: Iterable[Employee], now: datetime
    ) -> Steps[tuple[list[p.EmployeeView], dict[str, str], datetime]]:
        """The people as the agent sees them, the names of those who would be rung in their place, and when
        any of this turns. A telephone number that nobody has looked at yet takes a third of a millisecond."""
        facts: dict[str, tuple[p.EmployeeView, list[str]]] = {}
        name_of = self._names(customer)
        for one in shown:
            facts[one.id] = self._employee(customer, one, caller, now, name_of(one))
            yield
        views = [view for view, _ in facts.values()]
        asked = {key for _, chain in facts.values() for key in chain} | facts.keys()
        people = [person for key in asked if (person := customer.employee(key))]
        names = {person.id: name_of(person) for person in people if person.id not in facts}
        turns = (next_change(person, customer.zone, now) for person in people)
        return views, names, min((turn for turn in turns if turn), default=FOREVER)

    async def found(
        self, customer: Customer, caller: Caller, query: str, ids: Sequence[str], now: datetime
    ) -> tuple[list[p.EmployeeView], dict[str, str], int]:
        """Those of a company who fit what is typed, the likeliest first, with the names of who would be rung
        in their place, and how many fit; or these very `ids`."""
        people, total = [person for one in ids if (person := customer.employee(one))], len(ids)
        if not ids:
            people, total = self._directory(customer).search(query, SHOWN)
        views, names, _ = await finished(self._views(customer, caller, people, now))
        return views, names, max(total, len(views))

    def answers(self, customer: Customer, query: str) -> tuple[list[p.FaqView], int]:
        """The answers that fit, and how many do."""
        known = self._index.answers(customer.id) or at_once(answers(customer.faq))
        found = find_answers(known, query)
        return [p.FaqView(one.question, one.answer) for one in found[:SHOWN]], len(found)

    def _names(self, customer: Customer) -> Callable[[Employee], str]:
        """Names as they are said; of two who are called alike, with what tells them apart."""
        few = alike(customer.employees) if len(customer.employees) <= FEW else None
        people = None if few is not None else self._directory(customer)

        def name_of(one: Employee) -> str:
            same = people.namesakes(one) if people else (few or {}).get(one.id, ())
            apart = hint(one, same)
            return f"{split_name(one.name).spoken} ({apart})" if apart else split_name(one.name).spoken

        return name_of

    def _employee(
        self, customer: Customer, employee: Employee, caller: Caller, now: datetime, said: str
    ) -> tuple[p.EmployeeView, list[str]]:
        """With the ids of all who were thought of to be rung."""
        present, name = availability(employee, customer.zone, now), split_name(employee.name)
        allowed = may_put_through(customer, employee, caller, now, self._dial_rules)
        tries = plan(customer, employee, caller, now, self._dial_rules, self._ring)
        view = p.EmployeeView(
            id=employee.id,
            name=said,
            sort_name=name.listed,
            search=fold(" ".join((employee.name, employee.position, employee.responsibility))),
            position=employee.position,
            responsibility=employee.responsibility,
            availability=p.AvailabilityView(
                present.kind.value, present.text, present.until, present.by_hours
            ),
            refusal=None if allowed else str(allowed.code),
            tries=[step.employee_id for step in tries.steps],
            deputy_id=employee.deputy_id,
        )
        return view, [*view.tries, *(one.employee_id for one in tries.skipped)]

    def _neutral(self, call: CallState, caller: Caller, agent: Agent) -> p.ScreenPop:
        text = self._translate
        return p.ScreenPop(
            call=call.id,
            company=p.CompanyView(None, text(agent.locale, "pop.unassigned"), "", 0),
            greeting=text(agent.locale, "pop.neutral_greeting", agent=agent.name),
            instruction=text(agent.locale, "pop.neutral_instruction"),
            caller=caller_view(caller, None, "DE"),
            employees=[],
            faq=[],
            note_fields=[],
            line=_shown(call.line, "DE"),
            arrived_at=call.arrived_at,
            zone="Europe/Berlin",
        )


def caller_class(caller: Caller) -> str:
    """Callers of one class may reach the same employees: those of a VIP entry, and all others."""
    return ",".join(sorted({vip.employee_id or "*" for vip in caller.vips}))


def caller_view(caller: Caller, customer: Customer | None, region: str) -> p.CallerView:
    """The caller as the agent sees them."""
    if caller.withheld:
        return p.CallerView("withheld")
    shown = _shown(caller.number, region) if caller.number else caller.raw
    vip = caller.vip
    if vip is None:
        return p.CallerView("unknown", caller.number, shown, caller.display_name)
    of = customer.employee(vip.employee_id) if customer and vip.employee_id else None
    return p.CallerView(
        "vip",
        caller.number,
        shown,
        vip.name,
        vip_info=hints(caller, customer),
        vip_of=split_name(of.name).spoken if of else "",
    )


def known(caller: p.CallerView, before: p.EarlierCallView) -> p.CallerView:
    """The caller with what an earlier note to the same company tells; a VIP keeps the name of the entry."""
    if caller.kind == "unknown":
        name, company = before.caller_name or caller.name, before.caller_company
        return replace(caller, kind="known", name=name, company=company)
    same = fold(before.caller_name) == fold(caller.name)
    return replace(caller, company=before.caller_company) if same else caller


def _ready(views: list[View]) -> list[View]:
    """The list as JSON: the encoder copies it instead of walking it.

    Nobody on this side looks into these lists.
    """
    return cast("list[View]", msgspec.Raw(_encode(views)))
