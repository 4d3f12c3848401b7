"""The lines of a statement in words, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.web.kit.date_format import Moments, Translate
from pbx_bridge.web.kit.money import money
from rules.billing.statement import MICROS_OF_A_CENT, LineKind, Statement, StatementLine

SECONDS = frozenset({LineKind.TIME, LineKind.PUT_THROUGH})
"""What is counted in seconds, and paid for by the minute."""
AMOUNTS = frozenset({LineKind.MINIMUM, LineKind.ADJUSTMENT})
"""What is an amount and has no quantity."""


@dataclass(frozen=True, slots=True)
class LineWords:
    """`period`: "" where it is the whole month; `quantity`: with the included one; `events`: whether there is
    anything behind it to look at."""

    title: str
    period: str
    quantity: str
    included: str
    price: str
    amount: str
    events: bool


class StatementWords:
    """Puts lines into words; `t` and `locale` of the reader."""

    def __init__(self, t: Translate, locale: str, moments: Moments) -> None:
        self._t, self._locale, self._moments = t, locale, moments

    def of(self, made: Statement) -> tuple[LineWords, ...]:
        """All lines in their order."""
        return tuple([self._line(made, line) for line in made.lines])

    def amount(self, cents: int) -> str:
        """ "1.234,50 €"."""
        return money(cents * MICROS_OF_A_CENT, self._locale)

    def title(self, line: StatementLine) -> str:
        """What it is for; a correction says so itself."""
        return self._t(f"billing.line.{line.kind.value}", text=line.text)

    def _line(self, made: Statement, line: StatementLine) -> LineWords:
        kind, single = line.kind, line.kind in AMOUNTS
        price = money(line.unit_micros, self._locale)
        return LineWords(
            title=self.title(line),
            period=self._period(made, line),
            quantity="" if single else self.quantity(kind, line.quantity + line.included),
            included=self.quantity(kind, line.included) if line.included else "",
            price="" if single else self._t(f"billing.price.{kind.value}", price=price),
            amount=self.amount(line.cents),
            events=bool(line.usage),
        )

    def quantity(self, kind: LineKind, number: int) -> str:
        """ "12 Anrufe", "185:20 min"."""
        if kind in SECONDS:
            minutes, seconds = divmod(number, 60)
            return self._t("moments.length", minutes=minutes, seconds=seconds)
        return self._t(f"billing.quantity.{kind.value}", n=number)

    def _period(self, made: Statement, line: StatementLine) -> str:
        if (line.first, line.last) == (made.first, made.last):
            return ""
        first, last = self._moments.date(line.first), self._moments.date(line.last)
        return first if first == last else self._t("billing.period", first=first, last=last)
