"""A tariff, and that a company gets another one from a day on, as they are typed into forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.fault import Fault
from rules.fields.customer import Tariff
from rules.text.typed_moments import read_day

FIELDS = ("name", "put_through", "sms_parts")
"""Of a new tariff, in the order of the form. Of one that is there only the name is changed: what companies
have signed stays, and something else is another tariff."""
CHANGE = ("tariff", "first_day")
"""Of a company that gets another one; `tariff`: its id."""
LONGEST_NAME = 80
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TariffChange:
    """A company has this tariff from this day on, on its own clock."""

    tariff: Tariff
    first_day: date


def read_tariff(texts: Mapping[str, str], tariff_id: str, same_name: str) -> Tariff | tuple[Fault, ...]:
    """A new one. `same_name`: of another tariff that is called so, "" if none is."""
    named = read_name(texts, Tariff(tariff_id, "", put_through=texts["put_through"] == "yes"), same_name)
    if isinstance(named, tuple):
        return named
    return replace(named, sms_parts=2 if texts["sms_parts"] == "yes" else 1)


def read_name(texts: Mapping[str, str], tariff: Tariff, same_name: str) -> Tariff | tuple[Fault, ...]:
    """The tariff with another name, or what is wrong with that."""
    name = texts["name"].strip()
    if not name:
        return (Fault("name", "required"),)
    if len(name) > LONGEST_NAME:
        return (Fault("name", "too_long", {"length": str(len(name)), "max": str(LONGEST_NAME)}),)
    if "\n" in name:
        return (Fault("name", "one_line"),)
    if same_name:
        return (Fault("name", "tariff_name_taken", {"name": same_name}),)
    return replace(tariff, name=name)


def read_change(
    texts: Mapping[str, str], has: Tariff, tariffs: Mapping[str, Tariff], today: date
) -> TariffChange | tuple[Fault, ...]:
    """`has`: the tariff of today, on the company's clock; `tariffs`: all, by id. Nothing that has begun to
    cost is rewritten (decision 50), so the day is today or later."""
    wanted = tariffs.get(texts["tariff"].strip())
    day = read_day(texts["first_day"], around=today) if texts["first_day"].strip() else None
    found = []
    if wanted is None or (wanted.retired and wanted.id != has.id):
        found.append(Fault("tariff", "tariff_choose"))
    elif wanted.id == has.id:
        found.append(Fault("tariff", "tariff_is_had"))
    if not texts["first_day"].strip():
        found.append(Fault("first_day", "required"))
    elif day is None:
        found.append(Fault("first_day", "day_unreadable"))
    elif day < today:
        found.append(Fault("first_day", "terms_past"))
    elif day - today > AHEAD:
        found.append(Fault("first_day", "tariff_too_far"))
    return tuple(found) if found or wanted is None or day is None else TariffChange(wanted, day)
