"""A form with a mistake in every field: each says how to mend it, and nothing that was typed is lost."""

from __future__ import annotations

import html

import pytest

from pbx_bridge.storage import tables
from tests.unit.portal.conftest import Client

LONG = "Donaudampfschifffahrt " * 50
MISTAKES: dict[str, dict[str, tuple[str, str]]] = {
    "/portal/mitarbeiter/neu": {
        "name": ("?!", "Schreiben Sie „Vorname Nachname“ oder „Nachname, Vorname“."),
        "position": (LONG.strip(), "Platz ist für 120."),
        "responsibility": (LONG.strip(), "Platz ist für 200."),
        "email": ("erika@", "Sie sieht so aus: name@beispiel.example"),
        "cc": ("team@example.org, chef", "„chef“ ist keine vollständige E-Mail-Adresse."),
        "mobile": ("030 23125100", "Tragen Sie eine Mobilnummer ein"),
        "deputy": ("nobody", "Wählen Sie jemand anderen."),
        "hours": ("Mo 8–26", "Schreiben Sie erst"),
        "extension": ("0900 1234567", "Tragen Sie eine Festnetz- oder Mobilnummer ein."),
        "put_through": ("manchmal", "Bitte wählen Sie eine der Möglichkeiten"),
        "ring_seconds": ("99", "Bitte eine ganze Zahl von 5 bis 60"),
    },
    "/portal/unternehmen": {
        "greeting": ("Hier ist [Anna, Keller]", "schreiben Sie stattdessen genau: [Vorname, Nachname]"),
        "spoken_name": (LONG.strip(), "Bitte kürzen Sie den Text."),
        "instruction": (LONG * 4, "Platz ist für 4000."),
        "default_email": ("zentrale", "Sie sieht so aus: name@beispiel.example"),
        "state": ("XX", "Wählen Sie ein Bundesland aus der Liste."),
    },
    "/portal/termine/neu": {
        "employee": ("nobody", "Bitte füllen Sie dieses Feld aus."),
        "text": (LONG.strip(), "Platz ist für 500 Zeichen."),
        "start_day": ("30.2.2027", "Ein Tag sieht so aus: 24.12.2026"),
        "start_time": ("25:00", "Eine Uhrzeit sieht so aus: 14:05"),
        "end_day": ("31.6.2027", "Ein Tag sieht so aus: 24.12.2026"),
        "end_time": ("12:61", "Eine Uhrzeit sieht so aus: 14:05"),
    },
    "/portal/vip-kunden/neu": {
        "pattern": ("abc", "Sie sieht so aus: 0171 3920042"),
        "name": (LONG.strip(), "Bitte kürzen Sie den Text."),
        "employee": ("nobody", "Bitte wählen Sie neu."),
        "info": (LONG * 3, "Bitte kürzen Sie den Text."),
    },
    "/portal/faq/neu": {
        "question": (LONG.strip(), "Bitte kürzen Sie den Text."),
        "answer": (LONG * 4, "Bitte kürzen Sie den Text."),
    },
    "/portal/textbausteine/neu": {
        "name": (LONG.strip(), "Bitte kürzen Sie den Text."),
        "text": (LONG, "Bitte kürzen Sie den Text."),
    },
}
CHOSEN = {"deputy", "put_through", "state", "employee"}
"""What is chosen from a list cannot show what nobody offers."""


@pytest.mark.parametrize("path", MISTAKES)
async def test_a_mistake_in_every_field(client: Client, path: str) -> None:
    await client.get(path)
    before = await client.served.company()
    fields = {name: typed for name, (typed, _) in MISTAKES[path].items()}

    answer = await client.post(path, fields | {"sms": "yes"})

    page = html.unescape(answer.text)
    assert answer.status == 422
    remedies = {name: remedy for name, (_, remedy) in MISTAKES[path].items()}
    assert {name for name in fields if f'id="{name}-fault"' not in page} == set()
    assert {name: remedy for name, remedy in remedies.items() if remedy not in page} == {}
    assert {name for name, typed in fields.items() if name not in CHOSEN and typed not in page} == set()
    assert await client.served.company() == before


@pytest.mark.parametrize("path", MISTAKES)
async def test_in_english_too(client: Client, path: str) -> None:
    """No German word in what is said about a field."""
    async with client.served.db.write() as conn:
        await conn.execute(tables.account.update().values(locale="en"))
    await client.get(path)
    fields = {name: typed for name, (typed, _) in MISTAKES[path].items()}
    answer = await client.post(path, fields | {"sms": "yes"})
    faults = [line for line in html.unescape(answer.text).splitlines() if 'class="fault"' in line]
    assert len(faults) >= len(MISTAKES[path])
    german = {" Sie ", " bitte ", " ist ", " und ", " oder ", " nicht "}
    assert [line for line in faults if any(word in line for word in german)] == []


@pytest.mark.parametrize("path", MISTAKES)
async def test_no_browser_cuts_what_is_pasted_before_we_can_say_so(client: Client, path: str) -> None:
    page = await client.get(path)
    form = page.text[page.text.index("<main") :]
    assert "<input" in form or "<textarea" in form
    assert "maxlength" not in form
