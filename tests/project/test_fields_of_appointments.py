"""What is declared of an appointment is on its page, in its rows and in the operator's file."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.field_columns import columns
from rules.fields.appointment import APPOINTMENT
from rules.fields.declaration import Field, Kind, on_form
from rules.model import Appointment
from rules.presence import appointment_form
from tests.sample_company import NOW
from tests.unit.portal.conftest import Client

NEW: dict[Kind, Any] = {Kind.TEXT: "Messe", Kind.TICK: True}
FAIR = Appointment("", "Urlaub", datetime(2026, 12, 1, 9), datetime(2026, 12, 1, 17, 30))  # noqa: DTZ001
each = pytest.mark.parametrize("one", on_form(APPOINTMENT), ids=lambda one: one.name)


def test_an_appointment_and_its_table_hold_what_is_declared() -> None:
    assert {one.of_model for one in APPOINTMENT} == {one.name for one in fields(Appointment)} - {
        "id",
        "imported",
    }
    assert {*columns(APPOINTMENT)} == {*tables.appointment.c.keys()} - {"id", "employee_id"}


@each
async def test_the_page_reads_each_and_undoing_puts_it_back(client: Client, one: Field) -> None:
    served, form = client.served, appointment_form.write(FAIR, "Europe/Berlin")
    await client.get("/portal/termine/neu")
    await client.post("/portal/termine/neu", {"employee": served.house.erika} | form)
    (before,) = await stored(client)
    after = replace(before, **{one.of_model: NEW[one.kind]})
    page = await client.get(f"/portal/termine/{before.id}")
    assert f'name="{one.name}"' in page.text

    sent = {name: text for name, text in appointment_form.write(after, "Europe/Berlin").items() if text}
    answer = await client.post(f"/portal/termine/{before.id}", {"employee": served.house.erika} | sent)

    assert await stored(client) == (after,)
    await client.post("/portal/rueckgaengig", {"step": answer.path.rpartition("step=")[2]})
    assert await stored(client) == (before,)


@each
async def test_the_operators_file_says_each(client: Client, one: Field) -> None:
    served, company = client.served, await client.served.company()
    after = replace(FAIR, **{one.of_model: NEW[one.kind]})
    said = {"text": "Urlaub", "from": "2026-12-01 09:00", "until": "2026-12-01 17:30", one.key: NEW[one.kind]}
    erika = {"name": "Erika Beispiel", "appointment": [said]}
    own = {"name": company.name, "tariff": company.tariff.name, "greeting": company.greeting}

    done = await import_document(served.db, {"customer": [own | {"employee": [erika]}]}, NOW, str.upper)

    assert isinstance(done, Imported), done
    assert [replace(found, id="") for found in await stored(client)] == [after]


async def stored(client: Client) -> tuple[Appointment, ...]:
    erika = (await client.served.company()).employee(client.served.house.erika)
    assert erika
    return erika.appointments
