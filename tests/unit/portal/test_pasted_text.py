"""What comes along when people paste: marks that nobody sees, or that turn the line round, stay outside.

One row a door by which text comes in; what agents type has its own tests.
"""

from __future__ import annotations

import pytest

from pbx_bridge.importing.importer import import_document
from rules.text.typed_text import lines
from tests.planted import texts
from tests.unit.portal.calendars import HOUR, ics, told
from tests.unit.portal.conftest import Client
from tests.unit.portal.test_files_people_have import workbook
from tests.unit.portal.uploading import seen, upload

PASTED = "\ufeffOda\u202e \u200bWun\u00adder\u2066\x07lich\u202c\u2060"
KEPT = "Oda Wunderlich"
MAIL = "\u202aoda@example.org\u202c"
TYPED = {"customer", "employee", "employee_cc", "appointment"} | {
    "vip_caller", "blocked_caller", "faq_entry", "text_block",
}  # fmt: skip
"""Tables whose texts people write."""
FORMS: dict[str, dict[str, str]] = {
    "/portal/mitarbeiter/neu": {
        "name": PASTED, "position": PASTED, "responsibility": PASTED, "email": MAIL, "cc": f"{MAIL},{MAIL}",
    },
    "/portal/mitarbeiter/{erika}": {"name": PASTED, "position": PASTED, "email": MAIL},
    "/portal/unternehmen": {
        "greeting": f"{PASTED} [Vor\u00adname, Nachname]",
        "instruction": PASTED,
        "spoken_name": PASTED,
        "default_email": MAIL,
    },
    "/portal/termine/neu": {"employee": "{erika}", "text": PASTED, "start_day": "2026-12-01"},
    "/portal/abwesenheitsinfo/{erika}": {"absence_info": PASTED},
    "/portal/vip-kunden/neu": {"name": PASTED, "pattern": "\u202a0171 3920044\u202c", "info": PASTED},
    "/portal/gesperrte-rufnummern/neu": {"number": "0171 3920044", "reason": "other", "remark": PASTED},
    "/portal/faq/neu": {"question": PASTED, "answer": PASTED},
    "/portal/textbausteine/neu": {"name": PASTED, "text": f"{PASTED} {{anrufer}}"},
}  # fmt: skip
COLUMNS = ("Name", "Position", "E-Mail", "Abwesenheitsinfo")
ROW = (PASTED, PASTED, MAIL, PASTED)
FILES: dict[str, tuple[str, bytes]] = {
    "a table": ("mitarbeiter", "\n".join(map(";".join, (COLUMNS, ROW))).encode()),
    "a workbook": ("mitarbeiter", workbook(COLUMNS, ROW)),
    "VIP callers": ("vip-kunden", f"Rufnummer;Name;Hinweis\n0171 3920044;{PASTED};{PASTED}\n".encode()),
}


async def _kept(client: Client) -> None:
    stored = {name: found for name, found in (await texts(client.served.db)).items() if KEPT in found}
    assert stored, "it is kept"
    for name, found in (await texts(client.served.db)).items():
        if name.partition(".")[0] in TYPED:
            assert [text for text in found if lines(text) != text] == [], name


@pytest.mark.parametrize("door", FORMS)
async def test_in_a_form(client: Client, door: str) -> None:
    erika = client.served.house.erika
    path = door.format(erika=erika)
    await client.get(path if "abwesenheitsinfo" not in door else "/portal/abwesenheitsinfo")
    fields = {name: erika if text == "{erika}" else text for name, text in FORMS[door].items()}
    answer = await client.post(path, fields)
    assert "said=" in answer.path
    await _kept(client)


async def test_by_whoever_leaves(subaccount: Client) -> None:
    await subaccount.get("/portal/abwesend")
    await subaccount.post("/portal/abwesend", {"way": "hour", "text": PASTED})
    await _kept(subaccount)


@pytest.mark.parametrize("kind", FILES)
async def test_in_a_file(client: Client, kind: str) -> None:
    room, data = FILES[kind]
    preview = await upload(client, f"/portal/{room}/import", data)
    await client.post(preview.path, seen(preview))
    await _kept(client)


async def test_in_the_operators_file(client: Client) -> None:
    person = {"name": PASTED, "position": PASTED, "absence_info": PASTED}
    company = {
        "name": f"{PASTED} GmbH",
        "tariff": "Premium",
        "greeting": f"{PASTED} [Vorname]",
        "employee": [person],
        "faq": [{"question": PASTED, "answer": PASTED}],
    }
    found = await import_document(
        client.served.db, {"customer": [company]}, client.served.now, lambda password: password
    )
    assert not isinstance(found, list), found
    await _kept(client)


def test_in_a_calendar() -> None:
    found, _ = told(ics(f"UID:1\nSUMMARY:{PASTED}\n{HOUR}"))
    assert found == [f"{KEPT} 01.12. 10:00-01.12. 11:00"]
