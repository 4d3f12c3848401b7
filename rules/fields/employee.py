"""Employee: everything that a customer says about somebody, each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.fields.appointment import Appointment
from rules.fields.declaration import Field, Kind, Notice
from rules.fields.news_kind import NewsKind
from rules.text.working_hours import WorkingHours


class PutThrough(StrEnum):
    """What the employee wishes: never, for every caller, or for VIP callers only."""

    NONE = "none"
    ALL = "all"
    VIP = "vip"


@dataclass(frozen=True, slots=True)
class Employee:
    """Person at the customer. `given_name` and `family_name` are split from `name`, which stays as typed.

    `extension`: E.164, or an internal one's digits; `ring_seconds` None: the default; `hours` None: there at
    any time. `email`, `cc` and `mobile` never leave the service towards an agent.
    """

    id: str
    name: str
    given_name: str
    family_name: str
    position: str = ""
    responsibility: str = ""
    email: str = ""
    cc: tuple[str, ...] = ()
    sms: bool = False
    mobile: str = ""
    deputy_id: str | None = None
    extension: str = ""
    put_through: PutThrough = PutThrough.NONE
    vip_sms: bool = False
    absence_info: str = ""
    ring_seconds: int | None = None
    hours: WorkingHours | None = None
    appointments: tuple[Appointment, ...] = ()


TOP, TOLD, STANDS_IN, THROUGH, THERE = "top", "told", "stands_in", "through", "there"
"""The parts of the form."""

EMPLOYEE = (
    Field(
        "name", Kind.LINE, ("Name", "Name"), section=TOP, longest=120, missing="name_missing",
        others=("Mitarbeiter", "Employee", "Vollständiger Name", "Full name", "Anzeigename", "Display name"),
    ),
    Field(
        "position", Kind.LINE, ("Position", "Position"), section=TOP, longest=120,
        others=(
            "Funktion", "Job title", "Berufsbezeichnung", "Organization title", "Organization 1 - Title",
        ),
    ),
    Field(
        "responsibility", Kind.LINE, ("Zuständigkeit", "Responsibility"), section=TOP, longest=200,
        others=("Abteilung", "Department", "Organization department", "Bereich"),
    ),
    Field(
        "email", Kind.EMAIL, ("E-Mail", "E-mail"), section=TOLD,
        others=(
            "E-Mail-Adresse", "Email address", "Mail", "E-mail 1 - Value", "E-Mail 1 – Wert",
            "E-Mail geschäftlich", "Primäre E-Mail", "Primary email",
        ),
    ),
    Field("cc", Kind.EMAILS, ("CC", "CC"), section=TOLD, rows=2),
    Field("sms", Kind.TICK, ("SMS", "SMS"), section=TOLD),
    Field(
        "mobile", Kind.MOBILE, ("Mobilnummer", "Mobile"), section=TOLD,
        others=(
            "Mobil", "Mobile number", "Mobiltelefon", "Mobile phone", "Handy", "Handynummer",
            "Mobilfunknummer", "Mobiltelefonnummer", "Cell phone",
        ),
    ),
    Field(
        "deputy", Kind.PERSON, ("Vertreter", "Deputy"), attribute="deputy_id", section=STANDS_IN,
        others=("Vertretung", "Stellvertreter"),
    ),
    Field("hours", Kind.WEEK, ("Arbeitszeit", "Working hours"), section=THERE),
    Field(
        "extension", Kind.EXTENSION, ("Durchwahl", "Extension"), section=THROUGH, place=1,
        others=("Telefon geschäftlich", "Business phone", "Telefon", "Telefonnummer", "Rufnummer", "Phone"),
        only_with_put_through=True,
    ),
    Field(
        "put_through", Kind.CHOICE, ("Durchstellen", "Put through"), section=THROUGH,
        choices=PutThrough, default=PutThrough.NONE, only_with_put_through=True,
        words={
            PutThrough.NONE: ("nein", "no"), PutThrough.ALL: ("alle", "all"), PutThrough.VIP: ("VIP", "VIP"),
        },
        meant={"none": PutThrough.NONE, "ja": PutThrough.ALL, "yes": PutThrough.ALL},
    ),
    Field(
        "vip_sms", Kind.TICK, ("VIP-SMS", "VIP SMS"), section=THROUGH, place=3, only_with_put_through=True,
    ),
    Field(
        "ring_seconds", Kind.NUMBER, ("Klingeln (Sekunden)", "Ring (seconds)"), section=THROUGH, place=2,
        limits=(5, 60), only_with_put_through=True,
    ),
    Field(
        "absence_info", Kind.TEXT, ("Abwesenheitsinfo", "Absence info"), longest=1000,
        others=("Abwesenheit", "Absence"), notice=Notice("info", NewsKind.INFO, NewsKind.INFO_GONE),
    ),
)  # fmt: skip
"""In the order of our files. `name` is also kept split; appointments have a page and a table of their own."""
