"""Every form of the portal at the biggest company, with texts as long as a body may be, and odd ones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from pbx_bridge.portal.request_context import Route
from pbx_bridge.portal.routes import PAGES
from tests.big.sending import Browser, browser
from tests.big.test_portal_routes import GAP, IDS
from tests.desk_room import DeskRoom
from tests.loop_watch import Watch

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONGEST = 240_000
"""Letters: some more are the rest of the form."""
PIECES = ("a ", "1/ ", ",", "Mo ", "ü")
NAMES = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="([^"]+)"')
UNSHOWN = {
    "portal.absences.one": ("absence_info",),
    "portal.absences.preview": ("absence_info",),
    "portal.appointment.preview": ("text", "start_day", "end_time", "employee"),
    "portal.away": ("way", "until"),
    "portal.blocked.release": ("once",),
    "portal.calendar.save": ("url",),
    "portal.calendar.open": ("employee",),
    "portal.calendar.close": ("employee",),
    "portal.company.preview": ("greeting",),
    "portal.faq.move": ("direction",),
    "portal.faq.order": ("order",),
    "portal.text_blocks.move": ("direction",),
    "portal.text_blocks.order": ("order",),
    "portal.subaccounts": ("employee", "employee~typed"),
    "portal.undo": ("step", "back"),
    "portal.vips.preview": ("pattern", "name", "employee"),
}
"""Fields of forms that have no page of their own."""
CHANGES_AT_ONCE = {
    "portal.employees.delete", "portal.appointment.delete", "portal.vips.delete", "portal.faq.delete",
    "portal.subaccounts.delete", "portal.blocked.release", "portal.away.back", "portal.away",
    "portal.faq.move", "portal.text_blocks.move", "portal.text_blocks.delete",
}  # fmt: skip
"""Whatever is sent."""
KEPT = {"version", "once", "csrf"}


def forms() -> Iterator[Route]:
    for route in (route for page in PAGES for route in page.ROUTES if route.method == "POST"):
        if path_is_of_a_form(route.path) and ".file" not in route.name and route.name not in CHANGES_AT_ONCE:
            yield route


def path_is_of_a_form(path: str) -> bool:
    """Pages about one's own log-in end it."""
    return path.startswith("/portal")


def path_of(route: Route) -> str:
    return GAP.sub(lambda gap: IDS[gap[1]], route.path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def customer(big_room: DeskRoom) -> AsyncIterator[Browser]:
    found = await browser(big_room, "kunde")
    yield found
    await found.client.close()


@pytest.mark.parametrize("route", [*forms()], ids=lambda route: route.path)
async def test_no_form_holds_the_loop(customer: Browser, loop_watch: Watch, route: Route) -> None:
    path = path_of(route)
    names = UNSHOWN.get(route.name) or sorted(set(NAMES.findall((await customer.get(path)).text)) - KEPT)
    assert names
    for name in names:
        for piece in PIECES:
            text = (piece * LONGEST)[: LONGEST // len(piece.encode()) // (2 if piece.isascii() else 4)]
            answer = await customer.send(path, {name: text})
            assert answer.status in {200, 303, 400, 404, 409, 413, 422}, (name, piece, answer.status)
    loop_watch.check()
