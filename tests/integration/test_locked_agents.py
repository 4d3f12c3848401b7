"""Whoever may not log in is offered no calls either: their phone leaves the queue, and does not come back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.auth import commands
from pbx_bridge.calls import events as ev
from pbx_bridge.desk import protocol as p
from pbx_bridge.importing.importer import import_document
from pbx_bridge.serve import running
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, BEN, DeskRoom, PlayedPbx, desk_room, member
from tests.integration.whole_house import PATIENCE, open_house
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.watch import watching
from tests.sample_company import NOW, furnish
from tests.until import until

__all__ = ["asterisk_tree"]


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[DeskRoom]:
    db = Database(sqlite_url)
    await furnish(db)
    await db.close()
    async with desk_room(sqlite_url) as room:
        yield room


def settings(url: str) -> Settings:
    return replace(Settings(), database=replace(Settings().database, url=url))


async def lock(url: str, *, locked: bool = True) -> None:
    assert await commands.lock_user(settings(url), "anna", locked=locked) == 0


async def delete(url: str) -> None:
    assert await commands.delete_user(settings(url), "anna") == 0


async def another_phone(url: str) -> None:
    await _import(url, "anna", "PJSIP/neu")


async def _import(url: str, login: str, interface: str) -> None:
    db, row = Database(url), {"login": login, "given_name": "Vor", "family_name": "Nach"}
    await import_document(db, {"agent": [row | {"interface": interface}]}, NOW, lambda _: "hash")
    await db.close()


async def in_the_queue(room: DeskRoom, *phones: str) -> None:
    await until(
        lambda: set(room.rooms.calls.registry.agents) == set(phones), message=f"only {phones} in the queue"
    )


WAYS: Mapping[str, Callable[[str], Awaitable[None]]] = {
    "locked": lock,
    "deleted": delete,
    "has another phone": another_phone,
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_phone_that_is_nobodys_leaves_the_queue_and_stays_out(
    room: DeskRoom, sqlite_url: str, way: str
) -> None:
    await WAYS[way](sqlite_url)
    await in_the_queue(room, BEN)
    room.pbx.tell(member(ANNA))  # by hand at the PBX, or with a key of the phone
    await in_the_queue(room, BEN)
    room.pbx.members[ANNA] = member(ANNA)  # … while nobody listened
    await room.pbx.snapshot()
    await in_the_queue(room, BEN)
    assert room.pbx.named("QueueRemove") == [
        one for one in room.pbx.named("QueueRemove") if getattr(one, "interface", "") == ANNA
    ]


async def test_whoever_is_let_in_again_signs_in_again(room: DeskRoom, sqlite_url: str) -> None:
    await lock(sqlite_url)
    await in_the_queue(room, BEN)
    await lock(sqlite_url, locked=False)
    await until(lambda: room.rooms.desks.screens.staff.at(ANNA), message="anna is an agent again")
    anna = await room.tab("anna")
    assert (await anna.ask("ready")).ok
    await in_the_queue(room, ANNA, BEN)


async def test_a_phone_that_somebody_else_has_now_stays(room: DeskRoom, sqlite_url: str) -> None:
    await delete(sqlite_url)
    await in_the_queue(room, BEN)
    await _import(sqlite_url, "ben", ANNA)
    await in_the_queue(room)
    room.pbx.tell(member(ANNA))
    await until(lambda: room.rooms.desks.screens.staff.at(ANNA), message="it is ben's")
    await in_the_queue(room, ANNA)


@pytest.mark.parametrize("way", WAYS)
async def test_while_the_service_was_away(sqlite_url: str, way: str) -> None:
    db = Database(sqlite_url)
    await furnish(db)
    await db.close()
    await WAYS[way](sqlite_url)
    played: list[PlayedPbx] = []

    def make_link(sink: Callable[[ev.PbxEvent], None]) -> PlayedPbx:
        played.append(PlayedPbx(sink))
        return played[0]

    async with running(settings(sqlite_url), make_link=make_link) as rooms:
        await until(lambda: set(rooms.calls.registry.agents) == {BEN}, message="anna's phone is out")


@pytest.mark.asterisk
async def test_on_a_real_pbx_the_phone_rings_no_more(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        anna = await house.desk("anna")
        await house.phones.far.behave(anna.who.phone, "ring")
        await anna.ask(p.Ready)
        await anna.until(lambda now: now.me.state == "ready", "ready", PATIENCE)
        async with watching(house.phones.pbx) as watch:
            url = f"sqlite:///{house.folder / 'house.db'}"
            assert await commands.lock_user(settings(url), "anna", locked=True) == 0
            await watch.seen("QueueMemberRemoved", Interface="PJSIP/anna")
