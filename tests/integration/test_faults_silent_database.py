"""PostgreSQL falls silent while people telephone: said soon, refused clearly, over when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sqlalchemy import make_url

from pbx_bridge.settings import DatabaseSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.ami_proxy import Proxy, proxy_to
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import NOW, SampleCompany, furnish
from tests.unit.storage.test_silence import frozen, postgres_pid, stopped
from tests.until import until

__all__ = ["postgres_pid"]
pytestmark = pytest.mark.postgres

CALL, LATER = "1795429654.114", "1795429660.120"
SOON = 40.0
"""A crowded machine's patience; the house itself knows after about seven seconds."""


@dataclass
class Silenced:
    """The house, its database behind a wire, and the same database past the wire."""

    room: DeskRoom
    wire: Proxy
    house: SampleCompany
    past: Database

    async def says(self, path: str) -> tuple[int, str]:
        """What a monitor reads."""
        async with aiohttp.ClientSession() as machine, machine.get(f"{self.room.url}{path}") as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def silenced(postgres_url: str, **limits: float) -> AsyncIterator[Silenced]:
    past = Database(postgres_url)
    house = await furnish(past)
    port = make_url(postgres_url).port
    assert port
    async with proxy_to(port) as wire:
        url = make_url(postgres_url).set(port=wire.port).render_as_string(hide_password=False)
        settings = DatabaseSettings(busy_timeout_seconds=1, **limits)  # type: ignore[arg-type]  # keys by name
        async with desk_room(url, database=settings, hurried=True) as room:
            yield Silenced(room, wire, house, past)
            wire.thaw()
    await past.close()


def note(house: SampleCompany, concern: str) -> dict[str, Any]:
    return {
        "name": "Sabine Krause", "concern": concern, "recipients": [house.erika],
        "fields": {"art": "Neukunde"},
    }  # fmt: skip


async def storage(tab: Tab, state: str) -> None:
    await until(lambda: tab.picture.link.storage == state, SOON, f"the database is {state}")


async def put_through(silent: Silenced, tab: Tab, call: str) -> None:
    """Rung, and accepted, and talking to the caller: without any database."""
    room, erika = silent.room, silent.house.erika
    assert (await tab.ask("ring", call=room.id_of(call), employee=erika)).ok
    await until(room.pbx.rung, SOON, "the employee's phone rings")


async def goes_on(silent: Silenced, silence: Callable[[], AbstractContextManager[None]]) -> None:
    room = silent.room
    anna, known, fresh = await room.tab("anna"), room.id_of(CALL), room.id_of(LATER)
    room.pbx.ring_and_answer(CALL)
    await until(lambda: anna.phase(known) == "talking", SOON, "a call")
    assert (await anna.ask("save_draft", call=known, revision=1, body={"concern": "Vorher"})).ok
    with silence():
        await storage(anna, "down")
        status, text = await silent.says("/readyz")
        assert (status, "storage_down" in text) == (503, True)
        assert await silent.says("/healthz") == (200, "ok\n")
        for kind, more in (
            ("save_draft", {"revision": 2, "body": {"concern": "Mittendrin"}}),
            ("save_note", {"body": note(silent.house, "Mittendrin")}),
        ):
            refused = await anna.ask(kind, call=known, **more)
            assert (refused.ok, refused.code) == (False, "storage_down")
        await put_through(silent, anna, CALL)
        room.pbx.hang_up(CALL)
        room.pbx.ring_and_answer(LATER)
        await until(lambda: anna.phase(fresh) == "talking", SOON, "the next call pops from memory")
        room.pbx.hang_up(LATER)
        await until(lambda: anna.phase(fresh) == "ended", SOON, "and ends")
    await storage(anna, "up")
    await room.rooms.calls.journal.settled()
    assert (await anna.ask("save_note", call=known, body=note(silent.house, "Danach"))).ok
    assert (await anna.ask("save_note", call=fresh, body=note(silent.house, "Neu"))).ok
    async with silent.past.read() as conn:
        texts = [[saved.note.concern for saved in await notes.versions(conn, one)] for one in (known, fresh)]
        rung = await attempts.of_call(conn, known)
        row = await calls.by_id(conn, fresh)
    assert texts == [["Danach"], ["Neu"]]
    assert len(rung) == 1
    assert row
    assert row.ended_at
    assert (await silent.says("/readyz"))[0] == 200
    await follows(silent)


async def follows(silent: Silenced) -> None:
    """What another process changes is heard of again."""
    async with silent.past.write() as conn:
        changed = tables.customer.update().values(greeting="Neu: [Vorname, Nachname].")
        await conn.execute(changed.where(tables.customer.c.id == silent.house.customer_id))
        await data_version.touch(conn, silent.house.customer_id, NOW)
    index = silent.room.rooms.directory.index

    def heard() -> bool:
        customer = index.customer(silent.house.customer_id)
        return customer is not None and customer.greeting.startswith("Neu")

    await until(heard, SOON, "the change")


async def test_the_wire_is_frozen(postgres_url: str) -> None:
    async with silenced(postgres_url, answer_timeout_seconds=1) as silent:
        await goes_on(silent, lambda: frozen(silent.wire))
        await goes_again(silent)


async def goes_again(silent: Silenced) -> None:
    """A second silence is noticed and left like the first."""
    ben = await silent.room.tab("ben")
    with frozen(silent.wire):
        await storage(ben, "down")
    await storage(ben, "up")


async def test_the_server_stands_still(postgres_url: str, postgres_pid: int) -> None:
    async with silenced(postgres_url, answer_timeout_seconds=1) as silent:
        await goes_on(silent, lambda: stopped(postgres_pid))


async def test_a_monitor_never_waits_for_the_database(postgres_url: str) -> None:
    async with silenced(postgres_url, answer_timeout_seconds=300) as silent:
        with frozen(silent.wire):
            async with asyncio.timeout(SOON):
                for path in ("/readyz", "/healthz", "/metrics") * 3:
                    status, _ = await silent.says(path)
                    assert status in (200, 503)


async def test_it_stops_in_the_silence(postgres_url: str) -> None:
    """With rows that cannot be stored, and readers that get no answer."""
    async with silenced(postgres_url, answer_timeout_seconds=300) as silent:
        anna = await silent.room.tab("anna")
        silent.wire.freeze()
        silent.room.pbx.ring_and_answer(CALL)
        await until(lambda: anna.phase(silent.room.id_of(CALL)) == "talking", SOON, "a call")
        silent.wire.thaw = lambda: None  # type: ignore[method-assign]  # no mercy at the end
        leaving = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - leaving < 2 * SOON
