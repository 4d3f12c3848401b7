"""The running service reads the employees' calendars elsewhere by itself."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.settings import CalendarSettings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import calendars as calendars_editing
from tests.desk_room import desk_room
from tests.sample_company import furnish
from tests.until import until

FAIR = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Messe\r\n\
RRULE:FREQ=DAILY\r\nDTSTART;VALUE=DATE:20260101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


async def _fair(request: web.Request) -> web.Response:
    return web.Response(body=FAIR, content_type="text/calendar")


async def test_a_calendar_that_is_due_is_read_and_reaches_the_index(
    sqlite_db: Database, sqlite_url: str
) -> None:
    house = await furnish(sqlite_db)
    elsewhere = web.Application()
    elsewhere.router.add_get("/jens.ics", _fair)
    runner = web.AppRunner(elsewhere, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/jens.ics"
    try:
        async with sqlite_db.write() as conn:
            await calendars_editing.set_source(conn, house.jens, address)
        async with desk_room(sqlite_url, calendar=CalendarSettings(allow_loopback=True)) as room:

            def read() -> bool:
                jens = room.rooms.directory.index.customers[house.customer_id].employee(house.jens)
                return jens is not None and any(one.text == "Messe" for one in jens.appointments)

            await until(read, message="the calendar is read")
    finally:
        await runner.cleanup()
