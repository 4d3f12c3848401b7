"""`[[tariff]]`, and the `[[line]]`s that several customers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pbx_bridge.importing.section import Section
from pbx_bridge.importing.values import read_number
from rules.billing.terms import BEGINNING, Terms
from rules.model import Line, Tariff
from rules.text.phone_numbers import to_e164


@dataclass(frozen=True, slots=True)
class TariffEntry:
    """`sms_micros`: what an SMS costs from now on, in millionths of a euro; None: what it cost before."""

    tariff: Tariff
    sms_micros: int | None = None


def read_tariff(section: Section, known: Mapping[str, Tariff]) -> TariffEntry:
    name = section.text("name", required=True)
    new = Tariff("", name, put_through=False)
    was = new if section.replaces else known.get(name, new)
    put_through = section.flag("put_through", default=was.put_through)
    parts = section.whole("sms_parts", was.sms_parts, 1, 2)
    micros = _micros(section) if section.has("sms_price") else None
    if micros is None and was is new:
        micros = Terms(BEGINNING).sms_micros
    section.done()
    return TariffEntry(Tariff("", name, put_through, parts), micros)


def _micros(section: Section) -> int:
    price = section.text("sms_price")
    try:
        micros = int(Decimal(price) * 1_000_000)
    except (InvalidOperation, ValueError, OverflowError):
        micros = -1
    if micros < 0:
        section.problem("sms_price", f'"{price}" is no price', 'Write euros with a point: "0.10"')
    return micros


def read_shared_line(section: Section, known: Mapping[str, Line], names: Mapping[str, str]) -> Line:
    """`names`: of companies by id; a line of one of them is shared only if the file says whose it was."""
    raw = section.text("number", required=True)
    was = None if section.replaces else known.get(to_e164(section.peek("number"), "DE"))
    region = section.text("region", was.region if was else "DE")
    line = Line("", read_number(section, "number", raw, region), region)
    there = known.get(line.number)
    owner = names.get(there.customer_id or "", "") if there else ""
    if owner and owner not in section.texts("takes_from"):
        remedy = f'Leave it out, or say whose it was: takes_from = ["{owner}"]'
        section.problem("number", f'{line.number} belongs to "{owner}"', remedy)
    section.has("takes_from")
    section.done()
    return line
