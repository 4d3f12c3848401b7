"""The pages that a face leads to, in groups, as far as one may see them; and those of the house itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pbx_bridge.auth.permissions import may
from pbx_bridge.storage.access.accounts import Role


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the navigation. `route`: its name, by which one may see it or not; `nav.<key>` is its text,
    `nav.group.<group>` the heading above it."""

    key: str
    path: str
    route: str
    group: str = ""


HOUSE = (
    MenuEntry("office", "/admin", "admin.start", "now"),
    MenuEntry("deliveries", "/admin/zustellungen", "admin.deliveries", "now"),
    MenuEntry("open_calls", "/admin/anrufe", "admin.open_calls", "now"),
    MenuEntry("call_backs", "/admin/rueckrufe", "admin.call_backs", "now"),
    MenuEntry("state", "/admin/technik", "admin.state", "now"),
    MenuEntry("call_search", "/admin/anrufsuche", "admin.call_search", "review"),
    MenuEntry("reports", "/admin/berichte", "admin.reports", "review"),
    MenuEntry("companies", "/admin/unternehmen", "admin.companies", "customers"),
    MenuEntry("lines", "/admin/rufnummern", "admin.lines", "customers"),
    MenuEntry("tariffs", "/admin/tarife", "admin.tariffs", "customers"),
    MenuEntry("holidays", "/admin/feiertage", "admin.holidays", "customers"),
    MenuEntry("desk", "/desk", "desk", "people"),
    MenuEntry("floor", "/floor", "floor", "people"),
    MenuEntry("agents", "/admin/agenten", "admin.agents", "people"),
    MenuEntry("pause_reasons", "/admin/pausengruende", "admin.pause_reasons", "people"),
    MenuEntry("teams", "/admin/teams", "admin.teams", "people"),
    MenuEntry("people", "/zugaenge", "portal.people", "people"),
    MenuEntry("access_log", "/anmeldeprotokoll", "portal.access_log", "people"),
    MenuEntry("processing", "/admin/auftragsverarbeitung", "admin.processing", "law"),
    MenuEntry("protocol", "/admin/loeschprotokoll", "admin.protocol", "law"),
    MenuEntry("account", "/zugang", "portal.account", "own"),
)
"""For people of no company, on every page of theirs, whichever room it is of."""
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


def navigation(entries: Iterable[MenuEntry], path: str, role: Role) -> tuple[Group, ...]:
    """The entries for this role; of those that fit the path the longest is current."""
    seen = [entry for entry in entries if may(role, entry.route)]
    fitting = [entry for entry in seen if f"{path}/".startswith(f"{entry.path}/")]
    current = max(fitting, key=lambda entry: len(entry.path), default=None)
    shown = [Shown(entry, entry is current) for entry in seen]
    if len(shown) <= FEW:
        return (Group("", tuple(shown)),)
    groups = groupby(shown, key=lambda one: one.entry.group)
    return tuple(Group(key, tuple(found)) for key, found in groups)
