"""The columns of a file of employees: what they are called here, and by other programs."""

from __future__ import annotations

from collections.abc import Mapping

from rules.csv_columns import Columns

HEADERS: Mapping[str, tuple[str, str]] = {
    "name": ("Name", "Name"),
    "position": ("Position", "Position"),
    "responsibility": ("Zuständigkeit", "Responsibility"),
    "email": ("E-Mail", "E-mail"),
    "cc": ("CC", "CC"),
    "sms": ("SMS", "SMS"),
    "mobile": ("Mobilnummer", "Mobile"),
    "deputy": ("Vertreter", "Deputy"),
    "hours": ("Arbeitszeit", "Working hours"),
    "extension": ("Durchwahl", "Extension"),
    "put_through": ("Durchstellen", "Put through"),
    "vip_sms": ("VIP-SMS", "VIP SMS"),
    "ring_seconds": ("Klingeln (Sekunden)", "Ring (seconds)"),
    "absence_info": ("Abwesenheitsinfo", "Absence info"),
    "id": ("Kennung", "ID"),
}
"""German and English; `id` is what finds a person again whose name has changed."""

COLUMNS = Columns(
    HEADERS,
    {
        "name": ("Mitarbeiter", "Employee", "Vollständiger Name", "Full name", "Anzeigename", "Display name"),
        "position": (
            "Funktion", "Job title", "Berufsbezeichnung",
            "Organization title", "Organization 1 - Title",
        ),
        "responsibility": ("Abteilung", "Department", "Organization department", "Bereich"),
        "email": (
            "E-Mail-Adresse", "Email address", "Mail", "E-mail 1 - Value", "E-Mail 1 – Wert",
            "E-Mail geschäftlich", "Primäre E-Mail", "Primary email",
        ),
        "mobile": (
            "Mobil", "Mobile number", "Mobiltelefon", "Mobile phone", "Handy", "Handynummer",
            "Mobilfunknummer", "Mobiltelefonnummer", "Cell phone",
        ),
        "deputy": ("Vertretung", "Stellvertreter"),
        "extension": (
            "Telefon geschäftlich", "Business phone", "Telefon", "Telefonnummer", "Rufnummer", "Phone",
        ),
        "absence_info": ("Abwesenheit", "Absence"),
        "id": ("Vorgangskennung",),
    },
    ("name",),
)  # fmt: skip


def column_of(header: str) -> str:
    """The field that a header means in either language, however spaced and spelled; "" for none."""
    return COLUMNS.of(header)
