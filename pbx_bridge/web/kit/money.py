"""Figures as people write them."""

from __future__ import annotations

from decimal import Decimal

from pbx_bridge.web.language import language


def money(micros: int, locale: str) -> str:
    """Millionths of a euro: "0,10 €", "0.10 €"; tenths of a cent only where there are some."""
    amount = Decimal(f"{micros / 1_000_000:.3f}".removesuffix("0"))
    return f"{language(locale).decimal(amount, grouped=False)}\N{NO-BREAK SPACE}€"
