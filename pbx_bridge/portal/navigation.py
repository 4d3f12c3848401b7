"""The portal's pages in the order and words of the "Sekretariatsverwaltung", as far as one may see them."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.auth.permissions import may
from pbx_bridge.storage.accounts import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation, `nav.<key>` is its text; `below`: it belongs to the one above."""

    key: str
    path: str
    below: bool = False

    @property
    def route(self) -> str:
        return f"portal.{self.key}"


ENTRIES = (
    Entry("start", "/portal"),
    Entry("company", "/portal/unternehmen"),
    Entry("employees", "/portal/mitarbeiter", below=True),
    Entry("subaccounts", "/portal/subaccounts", below=True),
    Entry("away", "/portal/abwesend"),
    Entry("absences", "/portal/abwesenheitsinfo"),
    Entry("appointments", "/portal/termine"),
    Entry("calendar", "/portal/kalender", below=True),
    Entry("vips", "/portal/vip-kunden"),
    Entry("blocked", "/portal/gesperrte-rufnummern"),
    Entry("faq", "/portal/faq"),
    Entry("statistics", "/portal/statistik"),
    Entry("completeness", "/portal/vollstaendigkeit"),
    Entry("rehearsal", "/portal/probeanruf"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and whether its page, or one that belongs to it, is open."""

    entry: Entry
    current: bool


def navigation(path: str, role: Role) -> tuple[Shown, ...]:
    """The entries for this role; of those that fit the path the longest is current."""
    seen = [entry for entry in ENTRIES if may(role, entry.route)]
    fitting = [entry for entry in seen if f"{path}/".startswith(f"{entry.path}/")]
    current = max(fitting, key=lambda entry: len(entry.path), default=None)
    return tuple(Shown(entry, entry is current) for entry in seen)
