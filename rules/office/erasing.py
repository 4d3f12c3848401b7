"""Whom an erasure is about: what was typed, and how the person may be written in texts."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Employee
from rules.text.names import split_name
from rules.text.phone_numbers import national

SHORTEST_NUMBER = 6
"""Digits: shorter ones stand in every second text by chance."""


def number_spellings(numbers: Iterable[str], region: str) -> tuple[str, ...]:
    """What is looked for of numbers (E.164) in texts whose spaces and signs are left out: 4930 and 030."""
    found: dict[str, None] = {}
    for number in numbers:
        digits = number.removeprefix("+")
        home = "".join(char for char in national(number, region) if char.isdigit())
        for one in (digits, home):
            if len(one) >= SHORTEST_NUMBER:
                found[one] = None
    return tuple(found)


def words_of(person: Employee) -> tuple[str, ...]:
    """Name in each order, address, numbers: what a text may have of somebody."""
    name = split_name(person.name)
    full = f"{name.given} {name.family}".strip()
    turned = f"{name.family}, {name.given}" if name.given and name.family else ""
    numbers = (person.mobile, person.extension if person.extension.startswith("+") else "")
    written = [form for number in numbers if number for form in (number, national(number))]
    found = (person.name, full, turned, name.spoken, person.email, *written)
    return tuple(dict.fromkeys(one for one in found if len(one) > 2))


def meant_by(typed: str, person: Employee) -> bool:
    """Whether each word of what was typed is in the name."""
    name = person.name.casefold()
    return all(word in name for word in typed.casefold().split())
