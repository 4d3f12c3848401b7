"""The companies of the house as the index knows them."""

from __future__ import annotations

from pbx_bridge.directory.index import Index
from rules.model import Customer, Line, Tariff, VipCaller

TARIFF = Tariff("all-in", "Komplett", put_through=True)
MUSTERMANN = Customer(
    "mustermann",
    "Mustermann AG",
    TARIFF,
    "Mustermann AG, mein Name ist [Vorname, Nachname].",
    public_numbers=("+493023125500",),
    vip_callers=(
        VipCaller("block", "+49171392000*", "Großhandel Nord"),
        VipCaller("exact", "+491713920042", "Jens Müller", info="immer durchstellen"),
    ),
)
SOMMER = Customer(
    "sommer", "Praxis Dr. Sommer", TARIFF, "Praxis Dr. Sommer.", public_numbers=("+493023125600",)
)
LINES = (
    Line("l1", "+493023125100", "DE", "mustermann"),
    Line("l2", "+493023125101", "DE", "sommer"),
    Line("l3", "+493023125199", "DE", None),
)


def index() -> Index:
    """Fresh, so that a test may change it."""
    return Index((MUSTERMANN, SOMMER), LINES)
