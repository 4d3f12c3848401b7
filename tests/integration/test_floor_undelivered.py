"""Whoever can act sees what did not arrive, has it sent again, or says that it is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from pbx_bridge.auth import permissions
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from tests.desk_room import DeskRoom, desk_room
from tests.floor_room import noon, staffed
from tests.integration.test_floor import Watcher, watcher
from tests.sample_company import SampleCompany
from tests.stuck_messages import ADDRESS, NUMBER, SECRET, STUCK, all_kinds
from tests.until import until

PATH = "/floor/undelivered"


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db)


@pytest.fixture
async def made(sqlite_db: Database, furnished: SampleCompany) -> dict[str, Notification]:
    return await all_kinds(sqlite_db, furnished)


@pytest.fixture
async def room(
    sqlite_url: str, furnished: SampleCompany, made: dict[str, Notification]
) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, noon()) as opened:
        yield opened


async def page(person: Watcher) -> str:
    headers = person.headers | {"Accept": "text/html", "Accept-Language": "de"}
    async with person.room.client.get(person.room.url + PATH, headers=headers) as answer:
        return await answer.text() if answer.status == 200 else str(answer.status)


async def does(person: Watcher, message: str, deed: str, **headers: str) -> tuple[int, str]:
    url = f"{person.room.url}{PATH}/{message}/{deed}"
    asked: Any = {"headers": person.headers | headers, "allow_redirects": False}
    async with person.room.client.post(url, **asked) as answer:
        return answer.status, answer.headers.get("Location", "")


async def state(db: Database, one: Notification) -> tuple[State, int]:
    async with db.read() as conn:
        found = await notifications.by_id(conn, one.id)
    assert found is not None
    return found.state, found.attempts


async def test_it_is_counted_on_the_floor_and_listed_without_a_word_of_it(room: DeskRoom) -> None:
    carla = await watcher(room)
    await carla.look()
    await until(lambda: carla.view["undelivered"] == len(STUCK), message="counted")

    text = await page(carla)

    assert text.count("<tr>") == len(STUCK) + 1
    for shown in ("Erika Beispiel", "Mustermann AG", "zentrale Adresse", "nicht zugestellt", "ungewiss"):
        assert shown in text
    for meant in ("Ein solches Postfach gibt es dort nicht. <small", "als unerwünscht abgewiesen. <small"):
        assert meant in text
    assert ">smtp_550" in text
    for hidden in (ADDRESS, NUMBER, SECRET, "Hans Müller"):
        assert hidden not in text


async def test_sent_again_it_goes_out_at_once(
    room: DeskRoom, sqlite_db: Database, made: dict[str, Notification]
) -> None:
    """Nobody waits for the next look at the outbox."""
    carla = await watcher(room)
    one = made["uncertain"]

    assert await does(carla, one.id, "again") == (303, f"{PATH}?said=again")

    for _ in range(1500):
        if (await state(sqlite_db, one))[1] > 1:  # there is no mail server here: tried, and it waits
            break
        await asyncio.sleep(0.01)
    else:
        raise AssertionError("not tried again")
    assert await does(carla, one.id, "again") == (303, f"{PATH}?said=gone"), "once"


async def test_what_is_known_to_have_arrived_counts_as_sent(
    room: DeskRoom, sqlite_db: Database, made: dict[str, Notification]
) -> None:
    carla = await watcher(room, "office")
    assert await does(carla, made["uncertain SMS"].id, "arrived") == (303, f"{PATH}?said=arrived")
    assert (await state(sqlite_db, made["uncertain SMS"]))[0] is State.SENT
    assert await does(carla, made["address"].id, "arrived") == (303, f"{PATH}?said=gone")
    assert (await state(sqlite_db, made["address"]))[0] is State.FAILED


async def test_nobody_else_may(room: DeskRoom, sqlite_db: Database, made: dict[str, Notification]) -> None:
    anna, carla = await watcher(room, "anna"), await watcher(room)
    assert await page(anna) == "404"
    for deed in ("again", "arrived"):
        assert (await does(anna, made["uncertain"].id, deed))[0] == 404
        assert (await does(carla, made["uncertain"].id, deed, **{"X-CSRF-Token": "guessed"}))[0] == 403
        assert (await does(carla, made["uncertain"].id, deed, Origin="https://else.example"))[0] == 403
    assert (await state(sqlite_db, made["uncertain"]))[0] is State.UNCERTAIN
    for name in ("floor.undelivered", "floor.undelivered.again", "floor.undelivered.arrived"):
        assert [role for role in Role if permissions.may(role, name)] == [Role.SUPERVISOR, Role.OPERATOR]


async def test_a_deed_is_asked_for_before_it_is_done(room: DeskRoom) -> None:
    """The button that sends lies behind the words that say what may happen."""
    text = await page(await watcher(room))
    for form in re.findall(r"<details>.*?</details>", text, re.DOTALL):
        summary, _, inside = form.partition("</summary>")
        assert "<button" not in summary
        assert re.search(r"<p>[^<]{30,}</p>\s*<button", inside)
    assert "doppelt" in text


async def test_desk_and_floor_say_since_when_mail_is_down(room: DeskRoom) -> None:
    carla = await watcher(room)
    await carla.look()
    tab = await room.tab("anna")
    await until(lambda: room.rooms.outbox.worker.since, message="no mail server here")
    since = room.rooms.outbox.worker.since
    since[Channel.EMAIL] -= timedelta(minutes=1)

    await until(lambda: carla.view["services"]["mail_since"], message="the floor")
    await until(lambda: tab.picture.link.mail_since, message="the desk")

    assert [tab.picture.link.mail_since] == [*since.values()]
    assert carla.view["services"]["sms_since"] is None
