"""The portal's pages in the order and words of the "Sekretariatsverwaltung", as far as one may see them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from pbx_bridge.auth.permissions import may
from pbx_bridge.storage.access.accounts import Role


@dataclass(frozen=True, slots=True)
class Entry:
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
    Entry("start", "/portal"),
    Entry("company", "/portal/unternehmen", "company"),
    Entry("employees", "/portal/mitarbeiter", "company"),
    Entry("subaccounts", "/portal/subaccounts", "company"),
    Entry("away", "/portal/abwesend", "absence"),
    Entry("absences", "/portal/abwesenheitsinfo", "absence"),
    Entry("appointments", "/portal/termine", "absence"),
    Entry("calendar", "/portal/kalender", "absence"),
    Entry("vips", "/portal/vip-kunden", "calls"),
    Entry("blocked", "/portal/gesperrte-rufnummern", "calls"),
    Entry("faq", "/portal/faq", "calls"),
    Entry("text_blocks", "/portal/textbausteine", "calls"),
    Entry("statistics", "/portal/statistik", "overview"),
    Entry("completeness", "/portal/vollstaendigkeit", "overview"),
    Entry("rehearsal", "/portal/probeanruf", "overview"),
    Entry("changes", "/portal/letzte-aenderungen", "overview"),
    Entry("account", "/zugang", "own"),
)
HOUSE = (
    Entry("desk", "/desk", elsewhere="desk"),
    Entry("floor", "/floor", elsewhere="floor"),
    Entry("people", "/zugaenge"),
    Entry("access_log", "/anmeldeprotokoll"),
    Entry("account", "/zugang"),
)
"""For people of no company."""
FEW = 6
"""Entries that are seen at a glance and need no headings."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and whether its page, or one that belongs to it, is open."""

    entry: Entry
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
    fitting = [entry for entry in seen if f"{path}/".startswith(f"{entry.path}/")]
    current = max(fitting, key=lambda entry: len(entry.path), default=None)
    shown = [Shown(entry, entry is current) for entry in seen]
    if len(shown) <= FEW:
        return (Group("", tuple(shown)),)
    groups = groupby(shown, key=lambda one: one.entry.group)
    return tuple(Group(key, tuple(entries)) for key, entries in groups)
