"""Pieces of desk messages that several tests need."""

from __future__ import annotations

from datetime import UTC, datetime

from pbx_bridge.desk import protocol as p

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def pop(call: str, greeting: str = "Herzlich willkommen bei der Mustermann AG.") -> p.ScreenPop:
    company = p.CompanyView("c1", "Mustermann AG", "Muster-mann", 3)
    caller = p.CallerView("unknown", "+491713920042", "0171 3920042")
    return p.ScreenPop(call, company, greeting, "", caller, [], [], [], "030 23125100", NOW, "Europe/Berlin")


def view(call: str, phase: str = "offered") -> p.CallView:
    return p.CallView(call, phase, NOW, None, None, None, None, [], None, [])  # type: ignore[arg-type]


def offer(call: str) -> p.Offer:
    return p.Offer(pop(call), view(call))


def waiting(*calls: str) -> p.Waiting:
    return p.Waiting([p.WaitingView(call, "Mustermann AG", 3, False, NOW) for call in calls])
