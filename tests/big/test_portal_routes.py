"""Every page of the portal with the biggest company: no step holds the loop, and none sends everybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio

from pbx_bridge.auth import permissions
from pbx_bridge.portal.request_context import Route
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.undo import import_jobs
from tests.big.day import BIG, LINE
from tests.desk_room import DeskRoom
from tests.loop_watch import Watch

pytestmark = pytest.mark.asyncio(loop_scope="module")

GAP = re.compile(r"\{(\w+)\}")
IDS = {
    "employee": "e00000", "appointment": "a00000", "vip": "vip00000", "entry": "f00000", "call": "c000001",
    "account": "e00001@example.org", "blocked": "b00000",
}  # fmt: skip
TODAY = datetime.now(UTC).date()
DAYS = f"period=custom&first={TODAY - timedelta(1)}&last={TODAY + timedelta(1)}"
ASKED: dict[str, tuple[str, ...]] = {
    "portal.employees": ("q=Mühlenberg", "q=e", "q=niemand", "sort=given", "page=77"),
    "portal.absences": ("q=urlaub", "person=e19999", "page=9999"),
    "portal.appointments": ("q=besprechung 7", f"tag={TODAY}", "mitarbeiter=e00000", "page=99"),
    "portal.appointments.month": ("mitarbeiter=e00000", f"monat={TODAY:%Y-%m}"),
    "portal.calendar": ("q=Ott", "page=500"),
    "portal.vips": ("q=hans", "q=4940", "sort=owner", "sort=number", "page=50"),
    "portal.blocked": ("q=lotto 7", "sort=number", "sort=turned_away", "page=9"),
    "portal.faq": ("q=haus 9", "page=20"),
    "portal.statistics": (DAYS, f"{DAYS}&employee=e00000", f"{DAYS}&words=rückruf", "employee~typed=Meier"),
    "portal.statistics.csv": (f"{DAYS}&result=missed",),
    "portal.statistics.xlsx": (f"{DAYS}&result=missed",),
    "portal.completeness": ("page=100",),
    "portal.rehearsal": (
        f"way=%2B{LINE[1:]}~&caller=vip&vip=vip00007&day={TODAY}&time=10:00&employee=e00000",
        f"way=%2B{LINE[1:]}~&caller=number&number=%2B4940000007&day={TODAY}&time=10:00&employee~typed=Meier",
    ),
    "portal.subaccounts": ("q=e0000", "q=Meier", "page=40", "mitarbeiter=e19999"),
}
"""What each page can be asked for beside itself."""
ONLY_ASKED = {"portal.statistics.csv", "portal.statistics.xlsx"}
WHOLE = {"portal.employees.export", "portal.vips.export", "portal.statistics.csv", "portal.statistics.xlsx"}
"""Files are as long as the list is."""
MOST_LETTERS = 250_000
MOST_CHOICES = 60
"""In a list that opens; of more one is found by typing."""


def routes() -> Iterator[tuple[Role, Route]]:
    """Every page, as each role that may open it; what a caller said is no page, and as long as it is."""
    read = [route for page in PAGES for route in page.ROUTES if route.method == "GET"]
    for route in (one for one in read if one.name != "portal.statistics.recording"):
        for role in (Role.CUSTOMER, Role.SUBACCOUNT):
            if permissions.may(role, route.name) and not (role is Role.SUBACCOUNT and "job" in route.path):
                yield role, route


def addresses(route: Route, jobs: dict[str, str]) -> Iterator[str]:
    kind = "vips" if "vip" in route.path else "employees"
    path = GAP.sub(lambda gap: jobs[kind] if gap[1] == "job" else IDS[gap[1]], route.path)
    if route.name not in ONLY_ASKED:
        yield path
    yield from (f"{path}?{query}" for query in ASKED.get(route.name, ()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(big_room: DeskRoom) -> AsyncIterator[dict[Role, aiohttp.ClientSession]]:
    found = {}
    for role, login in ((Role.CUSTOMER, "kunde"), (Role.SUBACCOUNT, "e00000@example.org")):
        cookie = await big_room.log_in(login)
        found[role] = aiohttp.ClientSession(big_room.url, headers={"Cookie": cookie})
    yield found
    for one in found.values():
        await one.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jobs(big_room: DeskRoom) -> dict[str, str]:
    """A file of each kind on its way in."""
    async with big_room.rooms.db.write() as conn:
        return {
            kind: await import_jobs.begin(conn, BIG, "kunde", kind, "Name;Rufnummer\r\n", datetime.now(UTC))
            for kind in ("employees", "vips")
        }


@pytest.mark.parametrize("role, route", [*routes()], ids=lambda one: getattr(one, "path", one))
async def test_no_page_holds_the_loop_or_sends_everybody(
    clients: dict[Role, aiohttp.ClientSession],
    jobs: dict[str, str],
    loop_watch: Watch,
    role: Role,
    route: Route,
) -> None:
    for address in addresses(route, jobs):
        async with clients[role].get(address) as answer:
            text = await answer.read()
        assert answer.status in {200, 422}, address
        assert len(text) < MOST_LETTERS or route.name in WHOLE, address
        longest = max((part.count(b"<option") for part in text.split(b"<select")[1:]), default=0)
        assert longest <= MOST_CHOICES, address
    loop_watch.check()
