"""The portal's pages in the order and words of the "Sekretariatsverwaltung", as far as one may see them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from pbx_bridge.auth.permissions import may
from pbx_bridge.storage.access.accounts import Role


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the navigation; `nav.<key>` is its text, `nav.group.<group>` the heading above it;
    `elsewhere`: the name of its route, if it is one of another room."""

    key: str
    path: str
    group: str = ""
    elsewhere: str = ""

    @property
    def route(self) -> str:
        return self.elsewhere or f"portal.{self.key}"


ENTRIES = (
    MenuEntry("start", "/portal"),
    MenuEntry("company", "/portal/unternehmen", "company"),
    MenuEntry("employees", "/portal/mitarbeiter", "company"),
    MenuEntry("subaccounts", "/portal/subaccounts", "company"),
    MenuEntry("away", "/portal/abwesend", "absence"),
    MenuEntry("absences", "/portal/abwesenheitsinfo", "absence"),
    MenuEntry("appointments", "/portal/termine", "absence"),
    MenuEntry("calendar", "/portal/kalender", "absence"),
    MenuEntry("vips", "/portal/vip-kunden", "calls"),
    MenuEntry("blocked", "/portal/gesperrte-rufnummern", "calls"),
    MenuEntry("faq", "/portal/faq", "calls"),
    MenuEntry("text_blocks", "/portal/textbausteine", "calls"),
    MenuEntry("statistics", "/portal/statistik", "overview"),
    MenuEntry("billing", "/portal/abrechnung", "overview"),
    MenuEntry("completeness", "/portal/vollstaendigkeit", "overview"),
    MenuEntry("rehearsal", "/portal/probeanruf", "overview"),
    MenuEntry("changes", "/portal/letzte-aenderungen", "overview"),
    MenuEntry("account", "/zugang", "own"),
)
HOUSE = (
    MenuEntry("desk", "/desk", elsewhere="desk"),
    MenuEntry("floor", "/floor", elsewhere="floor"),
    MenuEntry("people", "/zugaenge"),
    MenuEntry("access_log", "/anmeldeprotokoll"),
    MenuEntry("account", "/zugang"),
)
"""For people of no company."""
FEW = 6
"""Entries that are seen at a glance and need no headings."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and whether its page, or one that belongs to it, is open."""

    entry: MenuEntry
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; `key` empty: without."""

    key: str
    entries: tuple[Shown, ...]


def navigation(path: str, role: Role) -> tuple[Group, ...]:
    """The entries for this role; of those that fit the path the longest is current."""
    entries = ENTRIES if role in {Role.CUSTOMER, Role.SUBACCOUNT} else HOUSE
    seen = [entry for entry in entries if may(role, entry.route)]
    if role is Role.SUBACCOUNT:  # is led from there to "away", which is an entry of its own
        seen = [entry for entry in seen if entry.key != "start"]
    fitting = [entry for entry in seen if f"{path}/".startswith(f"{entry.path}/")]
    current = max(fitting, key=lambda entry: len(entry.path), default=None)
    shown = [Shown(entry, entry is current) for entry in seen]
    if len(shown) <= FEW:
        return (Group("", tuple(shown)),)
    groups = groupby(shown, key=lambda one: one.entry.group)
    return tuple(Group(key, tuple(entries)) for key, entries in groups)
