"""The portal's pages in the order and words of the "Sekretariatsverwaltung"."""

from __future__ import annotations

from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.web.kit.navigation import HOUSE, Group, MenuEntry
from pbx_bridge.web.kit.navigation import navigation as as_seen


def _entry(key: str, path: str, group: str = "") -> MenuEntry:
    return MenuEntry(key, path, f"portal.{key}", group)


ENTRIES = (
    _entry("start", "/portal"),
    _entry("company", "/portal/unternehmen", "company"),
    _entry("employees", "/portal/mitarbeiter", "company"),
    _entry("subaccounts", "/portal/subaccounts", "company"),
    _entry("away", "/portal/abwesend", "absence"),
    _entry("absences", "/portal/abwesenheitsinfo", "absence"),
    _entry("appointments", "/portal/termine", "absence"),
    _entry("calendar", "/portal/kalender", "absence"),
    _entry("vips", "/portal/vip-kunden", "calls"),
    _entry("blocked", "/portal/gesperrte-rufnummern", "calls"),
    _entry("faq", "/portal/faq", "calls"),
    _entry("text_blocks", "/portal/textbausteine", "calls"),
    _entry("statistics", "/portal/statistik", "overview"),
    _entry("billing", "/portal/abrechnung", "overview"),
    _entry("completeness", "/portal/vollstaendigkeit", "overview"),
    _entry("rehearsal", "/portal/probeanruf", "overview"),
    _entry("changes", "/portal/letzte-aenderungen", "overview"),
    _entry("account", "/zugang", "own"),
)


def navigation(path: str, role: Role) -> tuple[Group, ...]:
    """The entries for this role: a company's, or the house's for people of no company."""
    if role not in {Role.CUSTOMER, Role.SUBACCOUNT}:
        return as_seen(HOUSE, path, role)
    # A subaccount is led from the start to "away", which is an entry of its own.
    entries = [one for one in ENTRIES if role is Role.CUSTOMER or one.key != "start"]
    return as_seen(entries, path, role)
