"""`[[customer]]` with everything below it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from pbx_bridge.importing import answering, field_texts
from pbx_bridge.importing.relative_dates import read_span
from pbx_bridge.importing.section import Section
from pbx_bridge.importing.stored_company import LISTS, LISTS_OF_EMPLOYEES, Stored
from pbx_bridge.importing.values import (
    once,
    person_key,
    read_number,
)
from rules.calls.blocking import may_block
from rules.calls.vip import VipTable
from rules.customers import asked_fields, text_blocks, vip_entries
from rules.customers.company import read_company
from rules.customers.employee import all_texts_of, read_employee
from rules.decision import Refused
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import Field, Kind, on_form
from rules.fields.employee import EMPLOYEE
from rules.fields.values import texts_of
from rules.fields.vip_caller import VIP_CALLER
from rules.model import (
    Appointment,
    BlockedCaller,
    BlockReason,
    Customer,
    Employee,
    FaqEntry,
    FieldKind,
    NoteField,
    Tariff,
    TextBlock,
    VipCaller,
)
from rules.notes import note_fields
from rules.presence import appointment_form
from rules.text.dialling import DialRules
from rules.text.names import split_name
from rules.text.phone_numbers import normalise_pattern

_OF_VIP = tuple(one for one in VIP_CALLER if one.kind is not Kind.PERSON)
"""Whose it is says its place in the file."""


NO_TEAMS: Mapping[str, str] = MappingProxyType({})
NOBODY = Customer("", "", Tariff("", "", put_through=False), "")
"""What a company is before anything is said of it."""


@cache
def _zones() -> frozenset[str]:
    """Looked up once: each look walks through some thousand files."""
    return frozenset(available_timezones())


class Company:
    """One `[[customer]]` with everything below it, over what is stored of it: `customer` is how it will be.

    `lists`: what the file decides about as a whole, as (key of the employee or "", name of the list). The
    others are left alone.
    """

    def __init__(
        self,
        section: Section,
        tariffs: Mapping[str, Tariff],
        now: datetime,
        allowed: DialRules,
        stored: Customer | None = None,
        teams: Mapping[str, str] = NO_TEAMS,
    ) -> None:
        section.obey_replace()
        self._section, self._stored = section, Stored(stored)
        was = NOBODY if section.replaces or stored is None else stored
        self._region = section.text("region", was.region)
        self._allowed = replace(allowed, region=self._region)
        zone = section.text("zone", was.zone)
        if zone not in _zones():
            section.problem("zone", f'"{zone}" is no time zone', 'Write a name such as "Europe/Berlin"')
            zone = NOBODY.zone
        self._zone, self._now = zone, now
        self._today: date = now.astimezone(ZoneInfo(zone)).date()
        self.lines = self._numbers("lines")
        self.takes_from = section.texts("takes_from")
        self.lists = {("", name) for name in LISTS if section.says(name)}
        self._vips = [self._vip(vip, None) for vip in section.sections("vip")]
        people = section.sections("employee")
        colleagues = {*(person_key(one.peek("name")) for one in people), *self._stored.keys}
        employees = tuple(self._employee(one, colleagues) for one in people)
        settings = self._settings(was)
        self.customer = replace(
            NOBODY,
            **{one.of_model: getattr(settings, one.of_model) for one in CUSTOMER},
            name=section.text("name", required=True),
            tariff=self._tariff(tariffs),
            public_numbers=self._numbers("public_numbers"),
            employees=employees,
            vip_callers=tuple(self._vips),
            blocked=tuple(self._blocked(one) for one in section.sections("blocked", "number")),
            faq=tuple(_faq(entry) for entry in section.sections("faq", "question")),
            text_blocks=_text_blocks(section),
            note_fields=self._note_fields(stored),
            answering=answering.read(section, was.answering, teams),
        )
        section.done()
        self._check_employees(employees)
        self._check_blocked()

    def _tariff(self, tariffs: Mapping[str, Tariff]) -> Tariff:
        name = self._section.text("tariff", required=True)
        if name and name not in tariffs:
            self._section.problem(
                "tariff", f'"{name}" is not known', "Add [[tariff]] with this name, or correct it"
            )
        return tariffs.get(name) or Tariff("", name, put_through=False)

    def _settings(self, was: Customer) -> Customer:
        """What the file says of the company itself; what it does not name is as it was, also if that is older
        than a rule."""
        named = [one for one in CUSTOMER if self._section.has(one.key) or one.missing]
        needed = {one.name: "" for one in named if one.missing}
        typed = field_texts.texts(self._section, named, texts_of(named, was) | needed)
        read = read_company(typed, was)
        if isinstance(read, Customer):
            return read
        field_texts.say(self._section, CUSTOMER, read, typed)
        return was

    def _numbers(self, key: str) -> tuple[str, ...]:
        return tuple(read_number(self._section, key, raw, self._region) for raw in self._section.texts(key))

    def _employee(self, section: Section, colleagues: Collection[str]) -> Employee:
        name = section.text("name", required=True)
        split, key = split_name(name), person_key(name)
        known = self._stored.employee(key, section)
        was = replace(
            known or Employee(key, "", "", ""), name=name, given_name=split.given, family_name=split.family
        )
        self.lists |= {(key, each) for each in LISTS_OF_EMPLOYEES if section.says(each)}
        self._vips += [self._vip(vip, key) for vip in section.sections("vip")]
        found = (self._appointment(one, was) for one in section.sections("appointment", "text"))
        fields = [one for one in EMPLOYEE if one.name != "name"]
        # Whom the file but names is not judged: what is stored may be older than a rule.
        if field_texts.names_any(section, fields) or known is None:
            was = self._declared(section, fields, was, colleagues)
        employee = replace(was, appointments=tuple(filter(None, found)))
        section.done()
        return employee

    def _declared(
        self, section: Section, fields: Collection[Field], was: Employee, colleagues: Collection[str]
    ) -> Employee:
        """Judged as the portal judges its form."""
        typed = field_texts.texts(section, fields, all_texts_of(was)) | {"name": was.name}
        read = read_employee(typed, was, colleagues, self._allowed)
        if isinstance(read, Employee):
            return read
        # A missing name was said already.
        field_texts.say(section, EMPLOYEE, (one for one in read if one.code != "name_missing"), typed)
        return was

    def _check_employees(self, employees: tuple[Employee, ...]) -> None:
        once(self._section, "employee", [employee.id for employee in employees])

    def _appointment(self, section: Section, was: Employee) -> Appointment | None:
        span = read_span(
            section.text("from", required=True), section.text("until", required=True), self._today
        )
        said, plain = section.peek("text"), on_form(APPOINTMENT)
        same = [a for a in was.appointments if (a.text, (a.start, a.end, a.all_day)) == (said, span)]
        kept = texts_of(plain, same[0]) if same else dict.fromkeys((one.name for one in plain), "")
        typed = field_texts.texts(section, plain, kept)
        section.done()
        if span is None:
            remedy = (
                'Write two days ("2026-11-27", "today+3") or two moments ("today 14:00"), the later one last'
            )
            section.problem("from, until", "is no span of time", remedy)
            return None
        form = appointment_form.write(Appointment("", "", *span), self._zone) | typed
        read = appointment_form.read(form, self._zone, now=self._now)
        if isinstance(read, Appointment):
            return read
        field_texts.say_of_span(section, plain, read, form)
        return None

    def _vip(self, section: Section, employee: str | None) -> VipCaller:
        pattern = normalise_pattern(section.peek("number"), self._region)
        was = texts_of(_OF_VIP, self._stored.vip(pattern, employee, section))
        kept = {one.name: "" if one.missing else was[one.name] for one in _OF_VIP}
        typed = field_texts.texts(section, _OF_VIP, kept) | {"employee": employee or ""}
        read = vip_entries.read(typed, self._region, [employee or ""])
        section.done()
        if isinstance(read, VipCaller):
            return read
        field_texts.say(section, VIP_CALLER, read, typed)
        return VipCaller("", pattern, typed["name"], "", employee)

    def _blocked(self, section: Section) -> BlockedCaller:
        number = read_number(section, "number", section.text("number", required=True), self._region)
        was = self._stored.blocked(number, section)
        reason = section.choice("reason", was.reason.value, [one.value for one in BlockReason])
        caller = BlockedCaller("", number, BlockReason(reason), section.text("remark", was.remark))
        section.done()
        return caller

    def _check_blocked(self) -> None:
        numbers = [one.number for one in self.customer.blocked]
        once(self._section, "blocked", numbers)
        vips = VipTable([*self._vips, *self._stored.other_vips(self.lists)]).find
        for number in filter(None, numbers):
            decision = may_block(number, self.customer, vips, self.lines)
            if isinstance(decision, Refused):
                place = f'blocked "{number}"'
                self._section.problem(place, f"cannot be blocked ({decision.code})", "Leave it out")

    def _note_fields(self, stored: Customer | None) -> tuple[NoteField, ...]:
        """As the file has them; what it leaves out is asked no more, but old notes have answers to it."""
        wanted = [self._note_field(one) for one in self._section.sections("note_field", "key")]
        return asked_fields.left_of(stored.note_fields if stored else (), wanted)

    def _note_field(self, section: Section) -> NoteField:
        key = section.text("key", required=True)
        if key and not note_fields.is_key(key):
            remedy = "Write small letters, digits and _, and no name of what is always asked"
            section.problem("key", f'"{key}" cannot be a key', remedy)
        was = self._stored.note_field(key, section)
        kind = FieldKind(section.choice("kind", was.kind.value, [kind.value for kind in FieldKind]))
        kept = was.choices if kind is FieldKind.CHOICE else ()
        choices = section.texts("choices") if section.has("choices") else kept
        required = section.flag("required", default=was.required)
        label, help_text = section.text("label", required=True), section.text("help", was.help)
        retired = section.flag("retired", default=was.retired)
        field = NoteField(key, label, kind, required, choices, help_text, retired)
        if not note_fields.choices_fit(field):
            remedy = 'Give choices to kind = "choice", and to no other'
            section.problem("choices", "do not fit the kind", remedy)
        section.done()
        return field


def _faq(section: Section) -> FaqEntry:
    entry = FaqEntry("", section.text("question", required=True), section.text("answer", required=True))
    section.done()
    return entry


def _text_blocks(section: Section) -> tuple[TextBlock, ...]:
    tables = section.sections("text_block")
    if len(tables) > text_blocks.MOST:
        section.problem("text_block", f"has {len(tables)}", f"Keep at most {text_blocks.MOST}")
    return tuple(_text_block(one) for one in tables)


def _text_block(section: Section) -> TextBlock:
    block = TextBlock("", section.text("name", required=True), section.text("text", required=True))
    for key, value in (("name", block.name), ("text", block.text)):
        if len(value) > (most := text_blocks.LONGEST[key]):
            section.problem(key, f"has {len(value)} letters", f"Shorten it to {most}")
    for gap in text_blocks.unknown_gaps(block.text):
        section.problem("text", f"{gap} is filled by no call", "Take {anrufer}, {nummer} or {mitarbeiter}")
    section.done()
    return block
