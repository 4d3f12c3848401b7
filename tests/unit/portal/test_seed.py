"""The names that customers know, each on its page; every field explained; nothing hidden by a tariff."""

from __future__ import annotations

import html
import re

import pytest

from pbx_bridge.storage import tables
from tests.unit.portal.conftest import Client

NAMES = {
    "/portal": ("Dashboard", "Zuletzt angenommen", "Statistik > Anruferdaten"),
    "/portal/unternehmen": (
        "Unternehmen", "Begrüßung", "[Vorname, Nachname]", "[Vorname]", "[Nachname]", "Handlungsanweisung",
        "Abfragefelder",
    ),
    "/portal/mitarbeiter": (
        "Mitarbeiter", "Neuen Mitarbeiter anlegen", "Mitarbeiter exportieren", "Mitarbeiter importieren",
        "Aktion durchführen", "Bearbeiten", "Abwesenheitsinfo", "Termine", "VIP-Kunden",
    ),
    "/portal/mitarbeiter/{erika}": (
        "Name des Mitarbeiters", "Vorname Nachname", "Nachname, Vorname", "E-Mail-Adresse", "CC", "Position",
        "Zuständigkeit", "SMS-Benachrichtigung", "0,10\N{NO-BREAK SPACE}€", "+491713920001",
        "Vertreter wählen", "Subaccount", "Durchwahl des Mitarbeiters", "Mitarbeiter wünscht Durchstellen",
        "VIP Durchstellen", "VIP-SMS-Benachrichtigung", "Darf ich durchstellen?",
    ),
    "/portal/abwesenheitsinfo": ("Abwesenheitsinfo",),
    "/portal/termine": ("Termine", "Abwesenheitsinfo"),
    "/portal/vip-kunden": ("VIP-Kunden", "ganzes Unternehmen"),
    "/portal/faq": ("FAQ",),
    "/portal/faq/neu": ("Frage", "Antwort"),
    "/portal/statistik": ("Statistik > Anruferdaten", "Zeitraum", "Statistik anzeigen"),
    "/portal/vollstaendigkeit": ("vor der ersten Rufumleitung",),
}  # fmt: skip
FORMS = (
    "/portal/unternehmen",
    "/portal/mitarbeiter/{erika}",
    "/portal/termine/neu",
    "/portal/vip-kunden/neu",
    "/portal/faq/neu",
    "/portal/textbausteine/neu",
)
ENTRY = re.compile(r'<div class="entry" id="entry-(\w+)">(.*?)<div class="explained"(.*?)</div>', re.DOTALL)
ONLY_A_CHOICE = {"employee"}


@pytest.mark.parametrize("path", NAMES)
async def test_what_customers_know_is_called_so(client: Client, path: str) -> None:
    page = await client.get(path.format(erika=client.served.house.erika))
    said = html.unescape(page.text)
    assert [name for name in NAMES[path] if name not in said] == []


@pytest.mark.parametrize("path", FORMS)
async def test_every_field_has_its_explanation_and_an_example(client: Client, path: str) -> None:
    page = await client.get(path.format(erika=client.served.house.erika))
    found = {name: explained for name, _, explained in ENTRY.findall(page.text)}
    assert len(found) >= 2
    assert [name for name, words in found.items() if "<p>" not in words] == []
    bare = {name for name, words in found.items() if "Beispiel" not in words}
    assert bare <= (ONLY_A_CHOICE if "termine" in path else set())


@pytest.mark.parametrize(
    "path, fields",
    [
        ("/portal/mitarbeiter/{erika}", {"put_through", "extension", "ring_seconds", "vip_sms"}),
        ("/portal/mitarbeiter/neu", {"put_through", "extension", "ring_seconds", "vip_sms"}),
        ("/portal/termine/neu", {"reachable"}),
    ],
)
async def test_what_the_tariff_does_not_include_is_shown_so(
    client: Client, path: str, fields: set[str]
) -> None:
    async with client.served.db.write() as conn:
        await conn.execute(tables.tariff.update().values(put_through=False))
    page = await client.get(path.format(erika=client.served.house.erika))
    shown = {name: control for name, control, _ in ENTRY.findall(page.text)}
    assert {name for name, control in shown.items() if "disabled" in control} == fields
    assert {name for name, control in shown.items() if "(nicht in Ihrem Tarif)" in control} == fields


async def test_an_appointment_keeps_what_the_tariff_hides(client: Client) -> None:
    served = client.served
    async with served.db.write() as conn:
        await conn.execute(tables.appointment.update().values(reachable=True))
        await conn.execute(tables.tariff.update().values(put_through=False))
    jens = (await served.company()).employee(served.house.jens)
    assert jens
    [stored] = jens.appointments
    path = f"/portal/termine/{stored.id}"
    await client.get(path)
    fields = {"employee": jens.id, "text": "Kur", "start_day": "2026-12-01"}

    answer = await client.post(path, fields)

    assert "said=appointment_saved" in answer.path
    changed = (await served.company()).employee(jens.id)
    assert changed
    assert [(one.text, one.reachable) for one in changed.appointments] == [("Kur", True)]


async def test_a_subaccount_is_set_up_from_the_employee(client: Client) -> None:
    path = f"/portal/subaccounts?mitarbeiter={client.served.house.erika}"
    assert path in (await client.get(f"/portal/mitarbeiter/{client.served.house.erika}")).text
    assert f'value="{client.served.house.erika}" selected' in (await client.get(path)).text
