"""How much of what a tariff includes is left, in words: to the company itself and to the house."""

from __future__ import annotations

from pbx_bridge.web.kit.date_format import Translate
from rules.billing.allowance import Allowance, AllowanceKind

_MINUTE = 60


def allowance_in_words(t: Translate, one: Allowance) -> str:
    """ "noch 12 von 100 Anrufen"; minutes are whole ones, so that nobody counts on more than is there."""
    unit = _MINUTE if one.kind is AllowanceKind.TIME else 1
    left, over = one.left // unit, max(0, one.used - one.included) // unit
    case = "left" if one.left else "over" if over else "gone"
    return t(f"allowance.{one.kind}.{case}", left=left, of=one.included // unit, over=over)
