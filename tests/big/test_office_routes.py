"""Every page of the office with the biggest company: no step holds the loop, and none sends everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from tests.big.day import BIG
from tests.desk_room import DeskRoom
from tests.loop_watch import Watch
from tests.office_pages import LISTS, ONE

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = datetime.now(UTC).date()
HERE = f"/admin/unternehmen/{BIG}"
DAYS = f"period=custom&first={TODAY - timedelta(1)}&last={TODAY + timedelta(1)}"
OPERATOR = "office@example.org"
MOST_LETTERS = 250_000
FILES: Mapping[str, str] = {"all companies": "/admin/unternehmen.csv"}
"""As long as what is in them."""
PAGES: Mapping[str, str] = {
    **{name: path for name, path in LISTS.items() if "{" not in path},
    **{name: path.replace("c7", BIG) for name, path in ONE.items() if "/c7" in path and ".zip" not in path},
    "report by agent": f"/admin/berichte?{DAYS}&by=agent",
    "report by day": f"/admin/berichte?{DAYS}&by=day&firma=mustermann",
    "report by hour": f"/admin/berichte?{DAYS}&by=hour",
    "call search": f"/admin/anrufsuche?von={TODAY - timedelta(1)}&firma=mustermann",
    "call search by a part of a number": f"/admin/anrufsuche?von={TODAY - timedelta(1)}&nummer=39200",
    "a call": "/admin/anrufsuche/c000001",
    "an agent's calls": "/admin/agenten/agent-anna/anrufe",
    "log-ins of a name": "/zugaenge?q=mühlenberg",
}


def asked() -> Iterator[tuple[str, str]]:
    yield from (*PAGES.items(), *FILES.items())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def operator(big_room: DeskRoom) -> AsyncIterator[aiohttp.ClientSession]:
    async with big_room.rooms.db.write() as conn:
        await accounts.insert(conn, Account("", OPERATOR, Role.OPERATOR), "no hash", datetime.now(UTC))
    headers = {"Cookie": await big_room.log_in(OPERATOR), "Accept": "text/html"}
    async with aiohttp.ClientSession(big_room.url, headers=headers) as client:
        yield client


@pytest.mark.parametrize("name, path", [*asked()], ids=[name for name, _ in asked()])
async def test_no_page_holds_the_loop_or_sends_everybody(
    operator: aiohttp.ClientSession, loop_watch: Watch, name: str, path: str
) -> None:
    async with operator.get(path) as answer:
        text = await answer.read()
    assert answer.status in {200, 404} if "team1" in path else answer.status == 200, path
    assert len(text) < MOST_LETTERS or name in FILES
    loop_watch.check()
