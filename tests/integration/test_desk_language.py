"""German or English is the agent's own choice, kept with the log-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.desk_room import ORIGIN, DeskRoom, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def choose(room: DeskRoom, cookie: str, locale: str, csrf: str | None = None) -> int:
    token = room.sessions["anna"].csrf if csrf is None else csrf
    sent = room.client.post(
        f"{room.url}/desk/language",
        data={"locale": locale, "csrf": token},
        headers={"Cookie": cookie, "Origin": ORIGIN},
        allow_redirects=False,
    )
    async with sent as answer:
        return answer.status


async def page(room: DeskRoom, cookie: str) -> str:
    async with room.client.get(f"{room.url}/desk", headers={"Cookie": cookie}) as answer:
        return await answer.text()


async def test_the_language_chosen_at_the_desk_holds_for_page_socket_and_the_next_log_in(
    room: DeskRoom,
) -> None:
    cookie = await room.log_in("anna")
    assert 'lang="de"' in await page(room, cookie)
    assert await choose(room, cookie, "en") == 303
    assert 'lang="en"' in await page(room, cookie)
    assert 'lang="en"' in await page(room, await room.log_in("anna"))
    staff = room.rooms.desks.screens.staff
    await until(
        lambda: {a.given_name: a.locale for a in staff.all()}["Anna"] == "en", message="Anna's sentences"
    )
    tab = await room.tab("anna")
    assert tab.hello is not None
    assert tab.hello.locale == "en"
    assert 'lang="de"' in await page(room, await room.log_in("ben")), "nobody else's language"


async def test_a_language_that_we_lack_and_a_forged_wish_change_nothing(room: DeskRoom) -> None:
    cookie = await room.log_in("anna")
    assert await choose(room, cookie, "fr") == 303
    assert await choose(room, cookie, "en", csrf="forged") == 403
    assert 'lang="de"' in await page(room, cookie)
