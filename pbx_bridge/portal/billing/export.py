"""A month as files: its lines, for whoever books them, and all that is behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from pbx_bridge.portal.billing.messages import AMOUNTS, StatementWords
from pbx_bridge.web.kit.csv_writing import MARK, WrittenNumber, csv_text
from pbx_bridge.web.kit.date_format import Translate
from pbx_bridge.web.kit.money import euros
from pbx_bridge.web.language import language
from rules.billing.statement import MICROS_OF_A_CENT, Statement
from rules.billing.terms import CallTime
from rules.billing.usage import Usage, UsageKind
from rules.model import Customer

LINES = ("company", "kind", "title", "first", "last", "quantity", "included", "unit", "price", "amount")
EVENTS = ("date", "time", "what", *(kind.value for kind in CallTime), "parts", "event")
"""Columns; new ones come at the end."""


def lines(t: Translate, locale: str, customer: Customer, words: StatementWords, made: Statement) -> str:
    """The lines of the statement; what was used without a price is one of them, and costs nothing."""
    rows: list[Sequence[str | int]] = [[t(f"billing.export.{column}") for column in LINES]]
    for line in made.lines:
        quantity, included = line.quantity, line.included
        unit = "" if line.kind in AMOUNTS else t(f"billing.unit.{line.kind}")
        rows.append(
            (
                customer.name,
                line.kind.value,
                words.title(line),
                f"{line.first}",
                f"{line.last}",
                quantity,
                included,
                unit,
                _figure(euros(line.unit_micros), locale),
                _figure(euros(line.cents * MICROS_OF_A_CENT), locale),
            )
        )
    if made.unpriced:
        first, last, nothing = f"{made.first}", f"{made.last}", _figure(euros(0), locale)
        title = t("billing.export.unpriced")
        rows.append((customer.name, "unpriced", title, first, last, len(made.unpriced), 0, "", "", nothing))
    return MARK + csv_text(rows)


def events(t: Translate, customer: Customer, used: Iterable[Usage]) -> Iterator[str]:
    """A line for each call, SMS and voice message, on the company's clock."""
    zone = ZoneInfo(customer.zone)
    yield MARK + csv_text([[t(f"billing.export.{column}") for column in EVENTS]])
    for one in used:
        local = one.at.astimezone(zone)
        call = one.kind is UsageKind.CALL
        row: list[str | int] = [f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}", t(f"billing.event.{one.kind}")]
        row += [one.seconds.get(kind, 0) if call else "" for kind in CallTime]
        row += [one.parts if one.kind is UsageKind.SMS else "", one.id]
        yield csv_text([row])


def _figure(number: Decimal, locale: str) -> WrittenNumber:
    return WrittenNumber(language(locale).decimal(number, grouped=False))
