"""The first page: quiet when all is well, else each need: since when, what it means, one way to mend it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pbx_bridge.admin.start.pages import MENDED_AT
from pbx_bridge.calls.state import LinkState
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import call_backs, calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.maintenance.watch import StorageState
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import alarms
from pbx_bridge.storage.outbox.notifications import Notification
from pbx_bridge.web.i18n import knows
from rules.model import CallNote, Channel
from rules.office.alarms import Alarm
from rules.office.needs import Concern
from tests.sample_company import NOW
from tests.stuck_messages import ADDRESS, NUMBER, SECRET, all_kinds
from tests.unit.admin.office_site import OfficeSite

HOUR = timedelta(hours=1)
NO_MOMENT = {"incomplete", "unanswered", "unspoken", "allowance_full", "allowance_near"}
"""How a company is; since when nobody has written down."""


async def everything(office: OfficeSite) -> dict[str, Notification]:
    """One of each need, at least; returns the messages by what became of them."""
    made = await all_kinds(office.db, office.house)
    played, house = office.played, office.house
    played.link = LinkState(up=False, reason="refused", since=NOW - HOUR)
    played.state, played.reasons = StorageState(up=False, since=NOW - HOUR), ("disk_full",)
    played.voice = VoiceFolder("disk_full", NOW - HOUR)
    played.health.update(dict.fromkeys(Channel, "down"))
    played.since.update(dict.fromkeys(Channel, NOW - 2 * HOUR))
    played.alarms.unheard_since = NOW - HOUR
    played.pauses("Anna Keller", 31)
    played.pauses("Ben Vogt", 29)
    async with office.db.write() as conn:
        rung = StoredCall(new_id(), "u.1", "+493023125999", NOW - HOUR, unassigned_reason="line_unknown")
        left = StoredCall(
            new_id(), "u.2", "+493023125100", NOW - 2 * HOUR, house.customer_id,
            answered_at=NOW - 2 * HOUR, ended_at=NOW - HOUR, agent_id=house.anna,
        )  # fmt: skip
        noted = StoredCall(
            new_id(), "u.3", "+493023125100", NOW - HOUR, house.customer_id, outcome=calls.Outcome.NOTED
        )
        for call in (rung, left, noted):
            assert await calls.insert(conn, call)
        assert await call_backs.add(conn, "wish", noted.id, NOW - HOUR)
        note = CallNote(new_id(), "Hans Müller", "Angebot für <Niemand>")
        await notes.insert(
            conn, note, call_id=noted.id, customer_id=house.customer_id, agent_id=None, now=NOW, told=False
        )
        source = {
            "id": new_id(),
            "employee_id": house.erika,
            "url": "https://example.org/x",
            "result": "gone",
        }
        await insert_all(conn, t.calendar_source, [source | {"checked_at": NOW - 30 * HOUR}])
        tariff = (await conn.execute(t.customer.select())).one().tariff_id
        other = {"id": new_id(), "name": "Kanzlei Brandt & Weiß", "tariff_id": tariff, "greeting": ""}
        other["language"] = "tr"
        await insert_all(conn, t.customer, [other])
        for company, percent in ((house.customer_id, 75), (other["id"], 100)):
            row = {"customer_id": company, "month": "2026-11-01", "percent": percent, "reckoned_at": NOW}
            used = {"calls_used": percent, "calls_included": 100, "time_used": 3_601, "time_included": 7_200}
            await insert_all(conn, t.allowance, [row | used])
        past, present = Alarm(Concern.FAILED, NOW - 9 * HOUR, NOW - 8 * HOUR), Alarm(Concern.MAIL, NOW, NOW)
        await alarms.keep(conn, [], [past], Channel.SMS, NOW)
        await alarms.keep(conn, [past], [present], Channel.EMAIL, NOW)
        await conn.execute(t.notification.update().where(t.notification.c.state == "waiting").values(
            due_at=NOW - HOUR
        ))  # fmt: skip
    return made


async def test_a_house_in_order_is_quiet(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(default_email="zentrale@example.org"))
    await office.remember()
    status, page = await office.see("/admin")
    assert status == 200
    assert "Alles ruhig." in page
    assert 'id="need-' not in page


async def test_every_need_is_there_with_its_moment_its_meaning_and_one_way(office: OfficeSite) -> None:
    await everything(office)
    async with office.db.write() as conn:
        mustermann = t.customer.c.id == office.house.customer_id
        await conn.execute(t.customer.update().where(mustermann).values(confidential=True))
        await conn.execute(t.agent.update().values(bound=False))

    _, page = await office.see("/admin")

    found = re.findall(r'<li id="need-(\w+)">(.*?)</li>', page, re.DOTALL)
    assert {key for key, _ in found} == set(Concern)
    for key, row in found:
        assert row.count("<a ") == 1, key
        assert "<p>" in row, key
        assert (" seit " in row.replace("\n", " ") or "seit " in row) == (key not in NO_MOMENT), key
    words = dict(found)
    assert "+49 30 23125999" in words["unknown_line"]
    assert "Anna Keller" in words["paused"]
    assert "Ben Vogt" not in page
    assert "Mustermann AG" in words["call_back"]
    assert "Mustermann AG" in words["incomplete"]
    assert "Mustermann AG" in words["unanswered"]
    assert "Kanzlei Brandt &amp; Weiß" in words["unspoken"]
    assert "Mustermann AG" in words["allowance_near"]
    assert "Kanzlei Brandt &amp; Weiß" in words["allowance_full"]
    for secret in (ADDRESS, NUMBER, SECRET, "example.org"):
        assert secret not in page, "names are enough here"


async def test_what_is_urgent_stands_under_the_heading_that_says_so(office: OfficeSite) -> None:
    await everything(office)
    office.login = "english"

    _, page = await office.see("/admin")

    now, _, later = page.partition('<h2 id="today">')
    assert '<h2 id="now">At once</h2>' in now
    for key in ("pbx", "storage", "untold", "mail", "sms"):
        assert f'id="need-{key}"' in now, key
    assert 'id="need-unnoted"' in later, "an hour old: its agent may be at lunch"
    assert 'id="need-incomplete"' in later.partition('<h2 id="soon">')[2]


async def test_each_way_leads_to_a_page_that_has_it(office: OfficeSite) -> None:
    await everything(office)
    for concern, path in MENDED_AT.items():
        if path == "/floor":
            continue
        status, page = await office.see(path)
        assert status == 200, path
        if "?art=" in path:
            assert "<tbody>" in page, concern
        if "#" in path:
            assert f'id="{path.partition("#")[2]}"' in page, concern


async def test_the_last_alarms_stand_below_the_systems(office: OfficeSite) -> None:
    _, page = await office.see("/admin/technik")
    assert "Niemand wird benachrichtigt." in page
    assert "Noch kein Alarm." in page
    await everything(office)
    office.played.alarms.recipients = 2
    _, page = await office.see("/admin/technik")
    assert "2 Stellen werden benachrichtigt" in page
    assert "Der letzte Alarm ging nicht hinaus." in page
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    on, over = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    for words in ("E-Mail-Versand gestört", "per E-Mail", "hält an"):
        assert words in on, words
    for words in ("Nachrichten nicht zugestellt", "per SMS", "Mo 23.11.2026, 02:00 Uhr", "10:00 Uhr"):
        assert words in over, words


async def test_the_systems_say_what_is_reported_and_what_to_do(office: OfficeSite) -> None:
    _, page = await office.see("/admin/technik")
    assert page.count("in Ordnung") == 5
    office.played.voice = None
    assert "abgeschaltet" in (await office.see("/admin/technik"))[1]
    office.played.link = LinkState(up=False, reason="in_use", since=NOW)
    office.played.state, office.played.reasons = StorageState(up=False, since=NOW), ("schema_old",)
    _, page = await office.see("/admin/technik")
    assert "ein anderer Dienst ist an der Telefonanlage angemeldet" in page
    assert "[ami]" in page
    assert "schema_old" in page, "a code without words helps whoever reads the log"


@pytest.mark.parametrize("locale", ["de", "en"])
def test_why_the_pbx_is_away_is_said_in_words(root: Path, locale: str) -> None:
    (row,) = [
        line for line in (root / "docs/desk-protocol.md").read_text().splitlines() if "pbx_reason" in line
    ]
    reasons = re.findall(r"`(\w+)`", row.partition("`pbx_reason`:")[2].partition(";")[0])
    assert {"in_use", "wrong_secret"} <= set(reasons)
    assert [one for one in reasons if not knows("admin", locale, f"systems.reason.{one}")] == []
