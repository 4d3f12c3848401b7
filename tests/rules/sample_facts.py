"""The house cast as the rules see it; tests change one thing with `dataclasses.replace`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rules.model import Agent, Caller, CallNote, Customer, Employee, PutThrough, Tariff, VipCaller

BERLIN = "Europe/Berlin"
MONDAY_TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin

ANNA = Agent("anna", "Anna", "Keller", "PJSIP/anna")
WITH_PUT_THROUGH = Tariff("comfort", "Komfort", put_through=True)
WITHOUT_PUT_THROUGH = Tariff("basic", "Basis", put_through=False)

ERIKA = Employee(
    "erika", "Erika Beispiel", "Erika", "Beispiel",
    email="erika@mustermann.example", mobile="+491713920001", extension="+493023125101",
    put_through=PutThrough.ALL, deputy_id="jens",
)  # fmt: skip
JENS = Employee(
    "jens", "Jens Meier", "Jens", "Meier",
    email="jens@mustermann.example", mobile="+491713920002", extension="+493023125102",
    put_through=PutThrough.ALL, deputy_id="erika",
)  # fmt: skip
LENA = Employee(
    "lena", "Lena Vogel", "Lena", "Vogel",
    email="lena@mustermann.example", mobile="+491713920003", extension="+493023125103",
    put_through=PutThrough.ALL,
)  # fmt: skip

MUSTERMANN = Customer(
    "mustermann", "Mustermann AG", WITH_PUT_THROUGH,
    greeting="Herzlich Willkommen bei der Mustermann AG, mein Name ist [Vorname, Nachname].",
    default_email="office@mustermann.example", public_numbers=("+493023125000",),
    employees=(ERIKA, JENS, LENA),
)  # fmt: skip

HANS_NUMBER = "+491713920042"
HANS = Caller(HANS_NUMBER, HANS_NUMBER)
HANS_VIP = VipCaller("vip-hans", HANS_NUMBER, "Hans Müller")
HANS_AS_VIP = replace(HANS, vip=HANS_VIP, vips=(HANS_VIP,))
NOTE = CallNote("note", "Hans Müller", "Angebot", recipients=("erika",))


def company(*employees: Employee) -> Customer:
    """Mustermann AG with these people only."""
    return replace(MUSTERMANN, employees=employees)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    """Wall time in Berlin, as appointments are written."""
    return datetime(year, month, day, hour, minute, fold=fold)  # noqa: DTZ001 - wall time on purpose


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    """The same, aware."""
    return local(year, month, day, hour, minute, fold).replace(tzinfo=ZoneInfo(BERLIN))
