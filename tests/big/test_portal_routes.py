"""Every page of the portal with the biggest company: no step of it holds the loop."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import pytest_asyncio

from pbx_bridge.auth import permissions
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.portal.visit import Route
from pbx_bridge.storage.accounts import Role
from tests.desk_room import DeskRoom
from tests.loop_watch import Watch

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif("BIG" not in os.environ, reason="being mended"),
]

IDS = {
    "employee": "e00000", "appointment": "a00003", "vip": "vip00000", "entry": "f00000", "call": "c000001",
    "account": "anna", "blocked": "b00000", "job": "none",
}  # fmt: skip
GAP = re.compile(r"\{(\w+)\}")
GETS: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES if route.method == "GET")


def addresses() -> Iterator[tuple[Role, str]]:
    for route in GETS:
        path = GAP.sub(lambda gap: IDS[gap[1]], route.path)
        for role in (Role.CUSTOMER, Role.SUBACCOUNT):
            if permissions.may(role, route.name):
                yield role, path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(big_room: DeskRoom) -> AsyncIterator[dict[Role, aiohttp.ClientSession]]:
    found = {}
    for role, login in ((Role.CUSTOMER, "kunde"), (Role.SUBACCOUNT, "e00000@example.org")):
        cookie = await big_room.log_in(login)
        found[role] = aiohttp.ClientSession(big_room.url, headers={"Cookie": cookie})
    yield found
    for one in found.values():
        await one.close()


@pytest.mark.parametrize("role, path", addresses())
async def test_a_page(
    clients: dict[Role, aiohttp.ClientSession], loop_watch: Watch, role: Role, path: str
) -> None:

    t = time.time()
    async with clients[role].get(path) as answer:
        text = await answer.read()
    print("ROUTE", path, answer.status, len(text), f"{time.time() - t:.2f}s", loop_watch.longest())
    assert answer.status < 400
    assert loop_watch.too_long() == []
