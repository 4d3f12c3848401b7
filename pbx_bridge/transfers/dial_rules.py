"""Which numbers the operator lets us dial: the settings in the words of the rules."""

from __future__ import annotations

from pbx_bridge.settings import TransferSettings
from rules.dialling import DialRules


def dial_rules(settings: TransferSettings) -> DialRules:
    """The same for calls, portal and import."""
    return DialRules(
        countries=settings.allowed_countries, kinds=settings.allowed_kinds, internal=settings.internal
    )
