"""Values of declared fields as texts, texts as values, and what is wrong with a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.fault import Fault
from rules.fields.declaration import Field, Kind
from rules.text.dialling import DialRules, may_dial, to_dial
from rules.text.email import bare_email, is_email, split_emails
from rules.text.numbers_as_typed import open_stem, words_beside
from rules.text.phone_numbers import (
    digits_off,
    digits_too_few,
    digits_too_many,
    is_block,
    is_two,
    normalise_pattern,
    to_e164,
)
from rules.text.working_hours import DAYS, WorkingHours, read_week, write_week

MOST_ADDRESSES = 20
SHORTEST_BLOCK = len("+4930*")
"""Anything shorter would make a VIP of half a country."""
_LONGEST_NUMBER = 10
"""Digits: Python refuses to read a number of five thousand."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a text is read with: rules of dialling and the region of national numbers; ids to choose from;
    the names of the `days` in the writer's language."""

    allowed: DialRules = field(default_factory=DialRules)
    people: Collection[str] = ()
    days: Sequence[str] = ()


def text_of(one: Field, value: Any, days: Sequence[str] = DAYS) -> str:
    """The value as a form shows it; what is ticked is "yes". `days`: names of those of a week."""
    shown = _TEXTS.get(one.kind)
    return shown(value, days) if shown else str(value or "")


def texts_of(fields: Iterable[Field], owner: object, days: Sequence[str] = DAYS) -> dict[str, str]:
    """All of them, by name."""
    return {one.name: text_of(one, getattr(owner, one.of_model), days) for one in fields}


def value_of(one: Field, text: str, around: Around, was: Any = None) -> Any:
    """The value of a text without faults. `was`: of weekly hours the holidays are kept."""
    if one.kind is Kind.WEEK:
        week = read_week(text, around.days)
        if week is None or isinstance(week, Fault):
            return None
        return WorkingHours(week, was.state, was.own) if was else WorkingHours(week)
    read = _VALUES.get(one.kind)
    return read(one, text, around) if read else text


def faults_of(one: Field, text: str, around: Around) -> Iterator[Fault]:
    """What is wrong with the text alone, whatever stands in other fields."""
    if one.missing and not text:
        yield Fault(one.name, one.missing)
    if one.kind is Kind.LINE and any(unicodedata.category(char) == "Cc" for char in text[: one.longest]):
        yield Fault(one.name, "one_line")
    if one.longest and len(text) > one.longest:
        yield Fault(one.name, "too_long", {"max": str(one.longest), "length": str(len(text))})
    if text and one.kind in _FAULTS:
        yield from _FAULTS[one.kind](one, text, around)


def _email(one: Field, text: str, _around: Around) -> Iterator[Fault]:
    if not is_email(bare_email(text)):
        several = len(split_emails(text)) > 1 and all(map(is_email, split_emails(text)))
        yield Fault(one.name, "email_two" if several else "email")


def _emails(one: Field, text: str, _around: Around) -> Iterator[Fault]:
    found = split_emails(text)
    for wrong in (each for each in found[: MOST_ADDRESSES + 1] if not is_email(each)):
        yield Fault(one.name, one.name, {"found": wrong})
    if len(found) > MOST_ADDRESSES:
        yield Fault(one.name, f"{one.name}_too_many", {"max": str(MOST_ADDRESSES)})


def _number(one: Field, text: str, _around: Around) -> Iterator[Fault]:
    low, high = one.limits
    number = int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else low - 1
    if not low <= number <= high:
        yield Fault(one.name, one.name, {"min": str(low), "max": str(high)})


def _mobile(one: Field, text: str, around: Around) -> Iterator[Fault]:
    name, region = one.name, around.allowed.region
    number = to_e164(text, region)
    if not number and is_two(text):
        yield Fault(name, f"{name}_two")
    elif not number and (many := digits_too_many(text, region)):
        yield Fault(name, f"{name}_too_long", {"n": str(many)})
    elif not number and (few := digits_too_few(text, region)):
        yield Fault(name, f"{name}_too_short", {"n": str(few)})
    elif not number:
        yield _no_number(one, text, region)
    elif off := digits_off(number):
        yield Fault(name, f"{name}_too_long" if off > 0 else f"{name}_too_short", {"n": str(abs(off))})


def _no_number(one: Field, text: str, region: str) -> Fault:
    """Most often it is one, with a word beside it: "0171 3920001 (privat)"."""
    beside = words_beside(text, region)
    return (
        Fault(one.name, f"{one.name}_words", {"found": beside})
        if beside
        else Fault(one.name, f"{one.name}_unreadable")
    )


def _pattern(one: Field, text: str, around: Around) -> Iterator[Fault]:
    pattern = normalise_pattern(text, around.allowed.region)
    if is_two(text):
        yield Fault(one.name, "vip_two")
    elif not pattern:
        beside = words_beside(text, around.allowed.region)
        yield Fault(one.name, "vip_words", {"found": beside}) if beside else Fault(one.name, "vip_number")
    elif stem := open_stem(text):
        yield Fault(one.name, "vip_open", {"block": f"{stem}*"})
    elif is_block(pattern) and len(pattern) < SHORTEST_BLOCK:
        yield Fault(one.name, "vip_short")


def _extension(one: Field, text: str, around: Around) -> Iterator[Fault]:
    verdict = may_dial(text, around.allowed)
    code = "unreadable" if verdict and not to_dial(text, around.allowed) else "" if verdict else verdict.code
    if code == "unreadable":
        yield _no_number(one, text, around.allowed.region)
    elif code:
        yield Fault(one.name, f"{one.name}_{code}")
    elif open_stem(text):
        yield Fault(one.name, f"{one.name}_open")


def _choice(one: Field, text: str, _around: Around) -> Iterator[Fault]:
    if one.choices is not None and text not in set(one.choices):
        yield Fault(one.name, f"{one.name}_unknown")


def _week(_one: Field, text: str, around: Around) -> Iterator[Fault]:
    if isinstance(week := read_week(text, around.days), Fault):
        yield week


def _chosen(one: Field, text: str, _around: Around) -> Any:
    return text if one.choices is None else one.choices(text or one.default)


_TEXTS: Mapping[Kind, Callable[[Any, Sequence[str]], str]] = {
    Kind.EMAILS: lambda value, _: ", ".join(value),
    Kind.TICK: lambda value, _: "yes" if value else "",
    Kind.NUMBER: lambda value, _: "" if value is None else str(value),
    Kind.WEEK: lambda value, days: write_week(value.week if value else None, days),
}
_VALUES: Mapping[Kind, Callable[[Field, str, Around], Any]] = {
    Kind.EMAIL: lambda _, text, __: bare_email(text),
    Kind.EMAILS: lambda _, text, __: split_emails(text),
    Kind.TICK: lambda _, text, __: bool(text),
    Kind.NUMBER: lambda one, text, __: int(text or one.default) if text or one.default else None,
    Kind.MOBILE: lambda _, text, around: to_e164(text, around.allowed.region),
    Kind.PATTERN: lambda _, text, around: normalise_pattern(text, around.allowed.region),
    Kind.EXTENSION: lambda _, text, around: to_dial(text, around.allowed),
    Kind.CHOICE: _chosen,
    Kind.PERSON: lambda _, text, __: text or None,
}
_FAULTS: Mapping[Kind, Callable[[Field, str, Around], Iterator[Fault]]] = {
    Kind.EMAIL: _email,
    Kind.EMAILS: _emails,
    Kind.NUMBER: _number,
    Kind.MOBILE: _mobile,
    Kind.PATTERN: _pattern,
    Kind.EXTENSION: _extension,
    Kind.CHOICE: _choice,
    Kind.WEEK: _week,
}
"""What is not in a table is the text itself, and never wrong."""
