"""Corrections of a statement: written once, read by everybody, taken back by another one."""

from __future__ import annotations

from datetime import date

from pbx_bridge.storage.billing import statements
from tests.unit.admin.office_site import OfficeSite

FORM = {"amount": "-12,50 €", "day": "2026-11-01", "reason": "Doppelt  berechneter Anruf im September"}


async def test_it_is_one_line_more_and_another_one_takes_it_back(office: OfficeSite) -> None:
    path = f"/admin/unternehmen/{office.house.customer_id}/korrekturen"
    _, page = await office.see(path)
    assert "Bisher gibt es keine." in page
    assert 'value="2026-11-23"' in page, "today"
    _, page, _ = await office.send(path, path, **FORM)
    for words in (
        "Die Korrektur ist eingetragen.",
        "-12,50\N{NO-BREAK SPACE}€",
        "01.11.2026",
        "office, Mo 23.11.2026",
    ):
        assert words in page, words
    async with office.db.read() as conn:
        made = await statements.of_month(conn, office.house.customer_id, "Europe/Berlin", date(2026, 11, 1))
        kept = await statements.all_adjustments(conn, office.house.customer_id, 10)
    assert [(line.cents, line.text) for line in made.lines] == [
        (-1250, "Doppelt berechneter Anruf im September")
    ]
    back = f"{path}?zurueck={kept[0].adjustment.id}"
    _, page = await office.see(back)
    assert 'value="12,50"' in page
    reason = "Rücknahme der Korrektur vom 01.11.2026"
    assert f'value="{reason}"' in page
    _, page, _ = await office.send(back, path, amount="12,50", day="2026-11-23", reason=reason)
    assert "2 Korrekturen" in page
    async with office.db.read() as conn:
        kept = await statements.all_adjustments(conn, office.house.customer_id, 10)
    assert sorted(one.adjustment.cents for one in kept) == [-1250, 1250]


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(office: OfficeSite) -> None:
    path = f"/admin/unternehmen/{office.house.customer_id}/korrekturen"
    for typed, said in (
        ({"amount": ""}, "füllen Sie dieses Feld aus"),
        ({"amount": "zwölf"}, "kein Betrag in Euro"),
        ({"amount": "0"}, "0 € korrigiert nichts"),
        ({"amount": "0,125"}, "ganze Cent"),
        ({"amount": "200000"}, "wahrscheinlich ein Tippfehler"),
        ({"day": "31.10.2026"}, "Die Abrechnung dieses Monats ist abgeschlossen"),
        ({"day": "31.12.2028"}, "mehr als ein Jahr voraus"),
        ({"day": "32.11."}, "Dieses Datum gibt es nicht"),
        ({"reason": " "}, "wofür die Korrektur ist"),
        ({"reason": "x" * 201}, "Das sind 201 Zeichen"),
    ):
        form = FORM | typed
        status, page, _ = await office.send(path, path, **form)
        assert (status, said in page) == (422, True), typed
        for text in form.values():
            assert f'value="{text}"' in page, (typed, text)
    async with office.db.read() as conn:
        assert await statements.all_adjustments(conn, office.house.customer_id, 10) == ()
    assert (await office.send(path, "/admin/unternehmen/none/korrekturen", **FORM))[0] == 404
