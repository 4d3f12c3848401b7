"""Which numbers the operator lets us dial, and for how long: the settings in the words of the rules."""

from __future__ import annotations

from pbx_bridge.settings import TransferSettings
from rules.calls.transfer import RingRules
from rules.text.dialling import DialRules


def dial_rules(settings: TransferSettings) -> DialRules:
    """The same for calls, portal and import."""
    return DialRules(
        countries=settings.allowed_countries, kinds=settings.allowed_kinds, internal=settings.internal
    )


def ring_rules(settings: TransferSettings) -> RingRules:
    """The same for the desk's list, the call and the rehearsal."""
    return RingRules(int(settings.ring_seconds), settings.max_attempts)
