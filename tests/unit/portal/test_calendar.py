"""Calendars out and in, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import icalendar
import pytest
from aiohttp import ClientSession, web

from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar import refresh as calendar_refresh
from pbx_bridge.portal.calendar.fetch import MOST_BYTES, fetch
from pbx_bridge.portal.calendar.refresh import Refresher
from pbx_bridge.settings import CalendarSettings
from pbx_bridge.storage.customers import calendars
from pbx_bridge.storage.editing import calendars as calendars_editing
from pbx_bridge.storage.editing import employees
from rules.model import Employee
from tests.unit.portal.conftest import Client
from tests.until import PATIENCE

PATH = "/portal/kalender"
EVENT = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Messe\r\n\
DTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261125\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


@dataclass
class Elsewhere:
    """A calendar server of the world outside. `asked`: paths that came; `harm`: lies at /harm; /never
    answers when it `goes_on`."""

    address: str = ""
    body: bytes = EVENT
    asked: list[str] = field(default_factory=list)
    harm: bytes = b""
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    server = Elsewhere()

    async def answer(request: web.Request) -> web.StreamResponse:
        server.asked.append(request.path)
        if request.path == "/never":
            await server.goes_on.wait()
        if request.path == "/harm":
            return web.Response(body=server.harm, content_type="text/calendar")
        if request.path == "/gone":
            return web.Response(status=404)
        body = b"x" * (MOST_BYTES + 1) if request.path == "/huge" else server.body
        return web.Response(body=body, content_type="text/calendar")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    server.goes_on.set()
    await runner.cleanup()


@pytest.mark.parametrize("path, code", [("/gone", "answered"), ("/huge", "too_large")])
async def test_a_fetch_has_limits(elsewhere: Elsewhere, path: str, code: str) -> None:
    found = await fetch(elsewhere.address + path, allow_loopback=True)
    assert isinstance(found, Refused)
    assert found.code == code
    assert elsewhere.asked == [path]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
async def test_without_the_switch_this_machine_is_never_asked(elsewhere: Elsewhere, host: str) -> None:
    port = elsewhere.address.rpartition(":")[2]
    for address in (f"http://{host}:{port}/a.ics", f"http://{host}/a.ics"):
        found = await fetch(address)
        assert isinstance(found, Refused)
        assert found.code in ("private_address", "bad_address", "unreachable")
    assert elsewhere.asked == []


async def test_names_that_lead_into_a_private_network_are_refused() -> None:
    found = await fetch("http://localhost/a.ics")
    assert isinstance(found, Refused)
    assert found.code == "private_address"


async def test_a_calendar_elsewhere_becomes_appointments(client: Client, elsewhere: Elsewhere) -> None:
    served, erika = client.served, client.served.house.erika
    refresher = Refresher(served.db, CalendarSettings(allow_loopback=True), lambda: served.now)
    await client.get(PATH)
    page = await client.post(f"{PATH}/{erika}", {"url": elsewhere.address + "/calendar.ics"})
    assert "Wird in der nächsten Minute gelesen." in page.text

    await refresher.refresh_due()
    assert "Gelesen am Mo 23.11.2026, 10:00 Uhr: 1 Termin." in (await client.get(PATH)).text
    assert "Messe" in (await client.get("/portal/termine")).text

    elsewhere.body = b"<html>log in</html>"
    served.now = served.now.replace(hour=10)
    await refresher.refresh_due()
    page = await client.get(PATH)
    assert "Dort liegt kein Kalender." in page.text
    assert "1 Termin." in page.text  # what it said before still holds

    await refresher.refresh_due()  # read a moment ago: not again
    assert len(elsewhere.asked) == 2

    await client.post(f"{PATH}/{erika}", {"url": ""})
    assert "Messe" not in (await client.get("/portal/termine")).text


async def test_the_page_says_what_was_left_out_and_why(client: Client, elsewhere: Elsewhere) -> None:
    served, erika = client.served, client.served.house.erika
    declined = b"ATTENDEE;PARTSTAT=DECLINED:mailto:Erika@example.org\r\nDTSTART"
    other = EVENT.replace(b"UID:1", b"UID:2").replace(b"DTSTART", declined).replace(b"Messe", b"Abgelehnt")
    aimless = EVENT.replace(b"UID:1", b"UID:3").replace(b"DTSTART;VALUE=DATE:20261123\r\n", b"")
    elsewhere.body = EVENT + other + aimless
    async with served.db.write() as conn:
        await calendars_editing.set_source(conn, erika, elsewhere.address + "/calendar.ics")
    await Refresher(served.db, CalendarSettings(allow_loopback=True), lambda: served.now).refresh_due()
    page = (await client.get(PATH)).text
    assert "1 Termin." in page
    assert "1 Eintrag ohne Beginn; 1 abgelehnter Termin." in page
    assert "Abgelehnt" not in (await client.get("/portal/termine")).text


@dataclass(frozen=True)
class Wrong:
    """A calendar of Erika that goes wrong in some way; Jens' one is fine."""

    path: str = "/calendar.ics"
    body: bytes = EVENT
    breaks: bool = False


WRONG = {
    "hangs": Wrong("/never"),
    "never goes on": Wrong(
        "/harm", EVENT.replace(b"END:VEVENT", b"RRULE:FREQ=DAILY;INTERVAL=0\r\nEND:VEVENT")
    ),
    "finds a fault of ours": Wrong("/harm", breaks=True),
}


@pytest.mark.parametrize("kind", WRONG)
async def test_a_calendar_that_goes_wrong_keeps_no_other_from_being_read(
    client: Client, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    served, wrong = client.served, WRONG[kind]
    elsewhere.harm = wrong.body
    house = served.house
    async with served.db.write() as conn:
        for who, path in ((house.erika, wrong.path), (house.jens, "/calendar.ics")):
            await calendars_editing.set_source(conn, who, elsewhere.address + path)

    async def fetched(url: str, *, allow_loopback: bool) -> bytes | Refused:
        if wrong.breaks and url.endswith(wrong.path):
            raise RuntimeError("a fault of ours")
        return await fetch(url, allow_loopback=allow_loopback)

    monkeypatch.setattr(calendar_refresh, "fetch", fetched)
    refresher = Refresher(served.db, CalendarSettings(allow_loopback=True), lambda: served.now)
    task = asyncio.create_task(refresher.run())

    async def is_read() -> bool:
        async with served.db.read() as conn:
            sources = await calendars.sources_of(conn, house.customer_id, [house.jens])
        return sources[0].result == "ok"

    async with asyncio.timeout(PATIENCE):
        while not await is_read():
            await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


async def test_an_address_that_is_none_is_refused(client: Client) -> None:
    await client.get(PATH)
    page = await client.post(f"{PATH}/{client.served.house.erika}", {"url": "mein Kalender"})
    assert page.status == 422
    assert "Das ist keine Adresse eines Kalenders." in page.text
    async with client.served.db.read() as conn:
        assert await calendars.sources_of(conn, client.served.house.customer_id) == ()


async def test_the_feed_is_read_without_log_in_until_it_ends(client: Client) -> None:
    served, house = client.served, client.served.house
    await client.get(PATH)
    page = await client.post(f"{PATH}/adresse", {"employee": ""})
    address = page.text.split('id="address" value="')[1].split('"')[0]
    async with ClientSession() as session:
        async with session.get(address) as answer:
            assert (answer.status, answer.content_type) == (200, "text/calendar")
            feed = icalendar.Calendar.from_ical(await answer.read())
        [event] = feed.walk("VEVENT")
        assert str(event["SUMMARY"]) == "Jens Meier: Urlaub"
        # 02:30 to 02:30 in the repeated hour: one hour
        assert (event.decoded("DTEND") - event.decoded("DTSTART")).total_seconds() == 3600

        await client.post(f"{PATH}/adresse/beenden", {"employee": ""})
        async with session.get(address) as answer:
            assert answer.status == 404
    async with served.db.read() as conn:
        assert await calendars.feeds_of(conn, house.customer_id) == ()


async def test_a_feed_of_one_employee_has_nobody_else(client: Client) -> None:
    await client.get(PATH)
    page = await client.post(f"{PATH}/adresse", {"employee": client.served.house.erika})
    address = page.text.split('id="address" value="')[1].split('"')[0]
    async with ClientSession() as session, session.get(address) as answer:
        assert b"VEVENT" not in await answer.read()


async def test_a_subaccount_has_no_such_page(subaccount: Client) -> None:
    assert (await subaccount.get(PATH)).status == 404


async def test_among_many_employees_one_is_found(client: Client) -> None:
    assert 'role="search"' not in (await client.get(PATH)).text
    many = [Employee(f"e{n}", f"Vera Viele{n:03}", "Vera", f"Viele{n:03}") for n in range(300)]
    async with client.served.db.write() as conn:
        await employees.insert(conn, client.served.house.customer_id, many)
    page = (await client.get(f"{PATH}?q=viele042")).text
    assert page.count('name="url"') == 1
    assert "Vera Viele042" in page
    assert "Zu „niemand“ gibt es hier niemanden." in (await client.get(f"{PATH}?q=niemand")).text
