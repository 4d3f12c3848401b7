"""Twenty thousand people go out as a file and come in again changed; it is taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from tests.big.sending import Browser, browser
from tests.desk_room import DeskRoom
from tests.loop_watch import Watch
from tests.until import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIST = "/portal/mitarbeiter"
SEEN = re.compile(r'name="seen" value="(\w+)"')


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def customer(big_room: DeskRoom) -> AsyncIterator[Browser]:
    found = await browser(big_room, "kunde")
    yield found
    await found.client.close()


async def test_all_people_of_a_company_as_a_file(
    customer: Browser, loop_watch: Watch, big_room: DeskRoom
) -> None:
    def are(position: str) -> bool:
        held = big_room.rooms.directory.index.customer("big")
        return held is not None and held.employees[0].position == position

    text = (await customer.get(f"{LIST}/export")).text.replace("Sachbearbeitung", "Einkauf")
    page = (await customer.upload(f"{LIST}/import", text.encode())).path
    while '"ready": true' not in (await customer.get(f"{page}/stand")).text:
        await asyncio.sleep(0.1)
    seen = SEEN.search((await customer.get(page)).text)
    assert seen, "a preview without a fault"
    done = await customer.send(page, {"seen": seen[1]})
    step = parse_qs(urlsplit(done.path).query)["step"][0]
    await until(lambda: are("Einkauf"), 60, "taken over")
    back = await customer.send("/portal/rueckgaengig", {"step": step, "back": LIST})
    assert "said=undone" in back.path
    await until(lambda: are("Sachbearbeitung"), 60, "taken back")
    loop_watch.check()
