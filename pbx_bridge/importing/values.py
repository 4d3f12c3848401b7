"""Values with a form of their own: numbers, addresses, names."""

from __future__ import annotations

from collections.abc import Iterable

from pbx_bridge.importing.section import Section
from rules.text.names import fold, split_name
from rules.text.phone_numbers import digits_too_many, is_two, to_e164


def person_key(name: str) -> str:
    """ "Beispiel, Erika" and "Erika Beispiel" are the same person."""
    split = split_name(name)
    return fold(f"{split.given} {split.family}").strip().strip()


def read_number(section: Section, key: str, raw: str, region: str) -> str:
    number = to_e164(raw, region)
    if raw and not number:
        many = digits_too_many(raw, region)
        what = (
            "are two numbers"
            if is_two(raw)
            else f"has {many} digits too many"
            if many
            else "is no telephone number"
        )
        section.problem(key, f"{raw} {what}", "Write it like +49 30 23125100")
    return number


def once(section: Section, what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in filter(None, values):
        if value in seen:
            section.problem(what, f'"{value}" stands there twice', "Keep one of them")
        seen.add(value)
