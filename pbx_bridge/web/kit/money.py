"""Figures as people write them."""

from __future__ import annotations


def money(micros: int, locale: str) -> str:
    """Millionths of a euro: "0,10 €", "0.10 €"; tenths of a cent only where there are some."""
    amount = f"{micros / 1_000_000:.3f}"
    amount = amount.removesuffix("0")
    return f"{amount.replace('.', ',') if locale == 'de' else amount}\N{NO-BREAK SPACE}€"
