from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.access import access_log, audit_chain
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW, arrive
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

MIDNIGHT = NOW - timedelta(hours=10)


@pytest.mark.parametrize(
    "at, words",
    [
        (MIDNIGHT, "1 Anruf heute, um 00:00 Uhr."),
        (MIDNIGHT - timedelta(seconds=1), "Heute noch kein Anruf."),
    ],
)
async def test_today_begins_at_the_customers_midnight(
    client: Client, served: Served, at: datetime, words: str
) -> None:
    await call_often(served.db, served.house, at + timedelta(minutes=20), count=0)
    page = await client.get("/portal")
    assert words in page.text
    assert "Angebot 4711" in page.text, "among the last ones in any case"


async def test_a_missed_call_is_counted_and_not_among_the_answered(client: Client, served: Served) -> None:
    await call_often(served.db, served.house, NOW, count=12)
    page = await client.get("/portal")
    assert "verloren" not in page.text
    assert page.text.count('<td class="name">') == 10


async def test_a_voice_message_is_one_of_the_last_calls_and_not_lost(client: Client, served: Served) -> None:
    house, ids = served.house, {"call_id": "", "note_id": new_id()}
    async with served.db.write() as conn:
        ids["call_id"] = await arrive(conn, house)
        await conn.execute(tables.call.update().values(ended_at=NOW, outcome="abandoned"))
        note = {"id": ids["note_id"], "call_id": ids["call_id"], "customer_id": house.customer_id}
        said = {
            "concern": "Sprachnachricht (0:04 min)",
            "callback_number": "",
            "fields": {},
            "caller_name": "",
        }
        await conn.execute(tables.call_note.insert(), note | said | {"created_at": NOW})
        voice = ids | {"id": new_id(), "recording": "one", "seconds": 4, "at": NOW}
        await conn.execute(tables.voice_message.insert(), voice)
    page = await client.get("/portal")
    assert re.search(r'<td class="name">.*?is-recorded">Sprachnachricht<', page.text, re.DOTALL)
    assert "verloren" not in page.text


async def test_a_subaccount_begins_where_it_says_that_it_is_away(subaccount: Client) -> None:
    assert (await subaccount.get("/portal")).path == "/portal/abwesend"


async def test_of_many_who_are_away_some_are_named(client: Client, served: Served) -> None:
    ids = [new_id() for _ in range(7)]
    own = {"customer_id": served.house.customer_id}
    people = [{"id": one, "name": f"Neu Hier{at}", "given_name": "Neu", "family_name": f"Hier{at}"} | own
              for at, one in enumerate(ids)]  # fmt: skip
    days = {"start_local": "2026-11-20T00:00", "end_local": "2026-11-30T00:00", "text": "Messe"}
    async with served.db.write() as conn:
        await insert_all(conn, tables.employee, people)
        await insert_all(
            conn, tables.appointment, [days | {"id": new_id(), "employee_id": one} for one in ids]
        )
    page = (await client.get("/portal")).text
    assert "7 Mitarbeiter abwesend." in page
    assert page.count("Messe") == 5
    assert "und 2 weitere" in page


async def test_whoever_is_shown_notes_is_in_the_log_before(client: Client, served: Served) -> None:
    await client.get("/portal")
    async with served.db.read() as conn:
        assert [one for one in (await access_log.listed(conn))[0] if one.event == "notes_read"] == []
    await call_often(served.db, served.house, NOW - timedelta(minutes=30), count=2)

    page = await client.get("/portal")
    call = re.findall(r"/portal/statistik/anruf/([\w-]+)", page.text)[0]
    await client.get(f"/portal/statistik/anruf/{call}")
    span = "period=custom&first=2026-11-01&last=2026-11-23"
    await client.get(f"/portal/statistik?{span}")
    await client.get(f"/portal/statistik/anrufe.csv?{span}")

    async with served.db.read() as conn:
        entries = (await access_log.listed(conn))[0]
        assert (await audit_chain.check(conn)).breach is None
    told = [(one.event, one.detail.partition(" · ")[2]) for one in reversed(entries)]
    assert [one for one in told if one[0].startswith("notes")][-4:] == [
        ("notes_read", str(page.text.count('<td class="name">'))),
        ("notes_read", call),
        ("notes_read", str(page.text.count('<td class="name">'))),
        ("notes_taken_along", "2026-11-01 – 2026-11-23"),
    ]
