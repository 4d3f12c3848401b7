"""VIP caller: a number that a company knows, each thing that it says of it once."""

from __future__ import annotations

from dataclasses import dataclass

from rules.fields.declaration import Field, Kind


@dataclass(frozen=True, slots=True)
class VipCaller:
    """A known number (E.164), or a block when `pattern` ends in `*`; of the company or one employee."""

    id: str
    pattern: str
    name: str
    info: str = ""
    employee_id: str | None = None


NUMBER, WHO, HINT, WHOSE = "number", "who", "hint", "whose"
"""The parts of the form."""

VIP_CALLER = (
    Field(
        "pattern", Kind.PATTERN, ("Rufnummer", "Number"), toml="number", section=NUMBER, longest=40,
        missing="required",
        others=(
            "Nummer", "Telefonnummer", "Telefon", "Phone", "Telefon geschäftlich", "Business phone",
            "Mobiltelefon", "Mobile phone", "Mobil", "Handy",
        ),
    ),
    Field(
        "name", Kind.TEXT, ("Name", "Name"), section=WHO, longest=120, rows=1, missing="required",
        others=("Kunde", "Customer", "Vollständiger Name", "Full name", "Anzeigename", "Display name"),
    ),
    Field(
        "info", Kind.TEXT, ("Info", "Info"), section=HINT, longest=500,
        others=("Hinweis", "Bemerkung", "Notizen", "Notiz", "Kommentar", "Notes"),
    ),
    Field(
        "employee", Kind.PERSON, ("Mitarbeiter", "Employee"), attribute="employee_id", section=WHOSE,
        others=("Ansprechpartner",),
    ),
)  # fmt: skip
"""In the order of our files; in the operator's the place of an entry says whose it is."""
