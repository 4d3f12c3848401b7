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
    """Name in each order, address, mobile number: what a text may have of somebody.

    A name of one word is none: "Meier" is others as well, and "Labor" is nobody. Nor is an extension, which
    may be everybody's.
    """
    name = split_name(person.name)
    turned = f"{name.family}, {name.given}" if name.given and name.family else ""
    names = (person.name, f"{name.given} {name.family}", turned, name.spoken)
    found = [one.strip() for one in names if " " in one.strip()]
    mobile = (person.mobile, national(person.mobile)) if person.mobile else ()
    return tuple(dict.fromkeys(filter(None, (*found, person.email, *mobile))))


def is_shared(word: str, other: Employee) -> bool:
    """Whether it says a colleague as well: a namesake, or an address of several people."""
    return word.casefold() in {one.casefold() for one in (other.name, other.email, other.mobile) if one}


def meant_by(typed: str, person: Employee) -> bool:
    """Whether each word of what was typed is in the name."""
    name = person.name.casefold()
    return all(word in name for word in typed.casefold().split())
