"""Figures as people write them."""

from __future__ import annotations

from decimal import Decimal

from pbx_bridge.web.language import language


def money(micros: int, locale: str) -> str:
    """Millionths of a euro: "0,10 €", "1,250.00 €"; parts of a cent only where there are some."""
    return f"{language(locale).decimal(euros(micros))}\N{NO-BREAK SPACE}€"


def euros(micros: int) -> Decimal:
    """The same as a number: exact, with two places at least."""
    exact = Decimal(micros).scaleb(-6)
    shortest = exact.normalize().as_tuple().exponent
    return exact.quantize(Decimal(1).scaleb(min(int(shortest), -2)))


def decimal_point(locale: str) -> str:
    """What stands before the cents in this language."""
    return language(locale).decimal(Decimal("0.1")).strip("01")
