"""Prices in the office: what holds, a new version from a day on, and nothing that has begun is changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import prices
from pbx_bridge.storage.editing import billing
from rules.billing.terms import BEGINNING, CallTime, Terms
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/tarife"
EURO = 1_000_000
HELD = Terms(BEGINNING, base_micros=49 * EURO, included_seconds=90, call_micros=1_250_500, billed_from=10)
DECEMBER = date(2026, 12, 1)
FORM = {
    "first_day": "2026-12-01",
    "base_micros": "59,00",
    "included_seconds": "100",
    "call_micros": "1,25 €",
    "minute_micros": "99 ct",
    "step": "1",
    "talk": "yes",
    "hold": "yes",
    "sms_micros": "0,12",
}


async def tariff(office: OfficeSite, *terms: Terms) -> str:
    """The page of Premium, with these versions."""
    async with office.db.write() as conn:
        tariff_id = str((await conn.execute(t.tariff.select())).one().id)
        for one in terms:
            await billing.put_terms(conn, tariff_id, one)
    return f"{PATH}/{tariff_id}"


async def stored(office: OfficeSite) -> tuple[Terms, ...]:
    async with office.db.read() as conn:
        return next(iter((await prices.of_all_tariffs(conn)).values()), ())


async def sign(office: OfficeSite, path: str) -> str:
    """Of the form as it is opened now."""
    return (await office.see(path))[1].partition('name="version" value="')[2].partition('"')[0]


async def test_a_new_version_holds_from_its_day_and_what_held_stays(office: OfficeSite) -> None:
    path = await tariff(office, HELD)
    _, page = await office.see(f"{path}/neu")
    for held in ('value="49,00"', 'value="1,2505"', 'value="1:30"', 'value="0,10"', 'value="10"'):
        assert held in page, held
    _, page, where = await office.send(f"{path}/neu", f"{path}/neu", **FORM)
    assert where.partition("?")[0] == path
    wanted = Terms(
        DECEMBER,
        base_micros=59 * EURO,
        included_seconds=6_000,
        call_micros=1_250_000,
        minute_micros=990_000,
        step=1,
        counted=frozenset({CallTime.TALK, CallTime.HOLD}),
        sms_micros=120_000,
    )
    assert await stored(office) == (HELD, wanted)
    for words in (
        "Die Preise sind gespeichert.",
        "Ab 01.12.2026",
        "kommt noch",
        "gilt heute",
        "Gespräch, Halten",
    ):
        assert words in page, words
    assert page.index("kommt noch") < page.index("gilt heute"), "newest first"
    _, page = await office.see(PATH)
    for words in (
        ">Premium</a>",
        "mit Durchstellen",
        "49,00\N{NO-BREAK SPACE}€ im Monat",
        "Neue Preise ab 01.12.2026",
    ):
        assert words in page, words
    office.login = "english"
    assert 'value="1.2505"' in (await office.see(f"{path}/neu"))[1]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office: OfficeSite) -> None:
    path = await tariff(office, HELD)
    typed = FORM | {"first_day": "22.11.2026", "base_micros": "neunundvierzig", "call_micros": "1.250"}
    typed |= {"included_calls": "-3", "talk": "", "hold": "", "step": "7", "sms_micros": "200000"}
    status, page, _ = await office.send(f"{path}/neu", f"{path}/neu", **typed)
    assert status == 422
    for words in (
        "Dieser Tag ist vorbei",
        "Das ist kein Betrag in Euro",
        "Schreiben Sie 1250 oder 1.2500.",
        "eine ganze Zahl",
        "mindestens eine Zeit",
        "eine Taktung aus der Liste",
        "zwischen 0 und 100.000 €",
        "7 Angaben passen noch nicht",
    ):
        assert words in page, words
    for text in ("neunundvierzig", "1.250", "-3", "200000", "99 ct"):
        assert f'value="{text}"' in page, text
    assert await stored(office) == (HELD,)
    assert (await office.send(f"{path}/neu", f"{PATH}/none/neu", **FORM))[0] == 404


async def test_prices_that_begin_on_the_same_day_are_replaced_only_if_somebody_says_so(
    office: OfficeSite,
) -> None:
    today = Terms(date(2026, 11, 23), base_micros=EURO)
    path = await tariff(office, HELD, today)
    typed = FORM | {"first_day": "2026-11-23"}
    status, page, _ = await office.send(f"{path}/neu", f"{path}/neu", **typed)
    assert status == 422
    assert "An diesem Tag beginnen schon Preise" in page
    assert 'name="replace"' in page
    assert await stored(office) == (HELD, today)
    await office.send(f"{path}/neu", f"{path}/neu", **typed, replace="yes")
    assert [one.base_micros for one in await stored(office)] == [49 * EURO, 59 * EURO]


async def test_what_is_to_come_is_moved_and_withdrawn_what_has_begun_is_not(office: OfficeSite) -> None:
    path = await tariff(office, HELD, Terms(DECEMBER, base_micros=EURO))
    version = f"{path}/ab/2026-12-01"
    later = {"first_day": "2027-01-01", "version": await sign(office, version)}
    await office.send(version, version, **(FORM | later))
    assert [one.first_day for one in await stored(office)] == [BEGINNING, date(2027, 1, 1)]
    status, page, _ = await office.send(f"{path}/neu", version, **FORM)
    assert (status, "inzwischen zurückgenommen" in page, 'value="59,00"' in page) == (422, True, True)
    moved = f"{path}/ab/2027-01-01"
    _, page, _ = await office.send(moved, f"{moved}/zuruecknehmen")
    assert "Die Preise sind zurückgenommen" in page
    assert await stored(office) == (HELD,)
    begun = f"{path}/ab/{BEGINNING}"
    assert "Diese Preise gelten inzwischen" in (await office.see(begun))[1]
    status, page, _ = await office.send(f"{path}/neu", begun, **FORM)
    assert (status, "werden nicht mehr geändert" in page, 'value="59,00"' in page) == (422, True, True)
    _, page, _ = await office.send(f"{path}/neu", f"{begun}/zuruecknehmen")
    assert "Geändert wurde nichts" in page
    assert await stored(office) == (HELD,)
    for none in (f"{path}/ab/2026-12-24", f"{path}/ab/morgen", f"{PATH}/none"):
        assert (await office.see(none))[0] == 404, none


async def test_two_who_change_the_same_version_are_merged_by_field(office: OfficeSite) -> None:
    path = await tariff(office, HELD, Terms(DECEMBER, base_micros=EURO))
    version = f"{path}/ab/2026-12-01"
    opened = await sign(office, version)
    await tariff(office, Terms(DECEMBER, base_micros=2 * EURO))
    typed = {"version": opened, "first_day": "2026-12-01", "base_micros": "1,00", "included_calls": "5"}
    typed |= {"minimum_micros": "0,00", "included_seconds": "0", "call_micros": "0,00", "billed_from": "0"}
    typed |= {"minute_micros": "0,00", "step": "60", "talk": "yes", "put_through_minute_micros": "0,00"}
    await office.send(version, version, **typed, sms_micros="0,10", voice_message_micros="0,00")
    assert (await stored(office))[1] == Terms(DECEMBER, base_micros=2 * EURO, included_calls=5)


async def test_where_no_price_holds_it_is_said(office: OfficeSite) -> None:
    path = await tariff(office)
    assert "noch kein Preis" in (await office.see(PATH))[1]
    assert "Preise festlegen" in (await office.see(path))[1]
    async with office.db.write() as conn:
        await conn.execute(t.customer.delete())
        await conn.execute(t.tariff.delete())
    assert "Noch gibt es keinen Tarif" in (await office.see(PATH))[1]


async def test_a_tariff_is_made_renamed_and_given_no_more(office: OfficeSite) -> None:
    new = "/admin/tarife/neu"
    status, page, _ = await office.send(new, new, name="premium")
    assert (status, "gibt es schon" in page) == (422, True)
    _, _, where = await office.send(new, new, name="Basis", sms_parts="yes")
    one = where.partition("?")[0].removesuffix("/neu")
    _, page = await office.see(f"{one}/bearbeiten")
    version = page.partition('name="version" value="')[2].partition('"')[0]
    sent = {"name": "Grundtarif", "version": version}
    _, page, _ = await office.send(f"{one}/bearbeiten", f"{one}/bearbeiten", **sent)
    assert "Der Tarif ist umbenannt." in page
    form = "/admin/unternehmen/neu"
    assert "Grundtarif</option>" in (await office.see(form))[1]
    _, page, _ = await office.send(one, f"{one}/vergabe", retired="yes")
    assert "wird nicht mehr vergeben" in page
    assert "Grundtarif</option>" not in (await office.see(form))[1]
    _, page, _ = await office.send(one, f"{one}/vergabe", retired="")
    assert "Grundtarif</option>" in (await office.see(form))[1]
    assert (await office.send(one, "/admin/tarife/none/vergabe", retired="yes"))[0] == 404
    async with office.db.read() as conn:
        found = await conn.execute(select(t.access_log).order_by(t.access_log.c.id))
        told = [(row.login, row.detail) for row in found if row.deed == "tariff_changed"]
    changes = ("– > Basis", "Basis > Grundtarif", "Grundtarif · retired", "Grundtarif · offered")
    assert told == [("office", one) for one in changes]


async def test_a_company_gets_another_one_from_a_day_on(office: OfficeSite) -> None:
    new = "/admin/tarife/neu"
    _, _, where = await office.send(new, new, name="Basis")
    tariff = where.split("/")[3]
    page = f"/admin/unternehmen/{office.house.customer_id}/tarif"
    assert "Heute gilt: Premium." in (await office.see(page))[1]
    status, text, _ = await office.send(page, page, tariff=tariff, first_day="2026-11-22")
    assert status == 422
    _, text, _ = await office.send(page, page, tariff=tariff, first_day="2026-12-01")
    assert "01.12.2026: Basis." in text
    _, text, _ = await office.send(page, f"{page}/zuruecknehmen")
    assert "Es bleibt beim bisherigen Tarif." in text
    _, text, _ = await office.send(page, page, tariff=tariff, first_day="2026-11-23")
    assert "Heute gilt: Basis." in text
