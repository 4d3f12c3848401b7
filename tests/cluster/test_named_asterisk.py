"""A real Asterisk that has a name says it in each Uniqueid; everything else goes on as without."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from pbx_bridge import checks
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.settings import AmiSettings, PbxSettings, Secret, Settings
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import Clock, DeskRoom, Tab, opened
from tests.pbx.room import Room, open_room
from tests.sample_company import SampleCompany
from tests.until import until

pytestmark = pytest.mark.asterisk
ERIKA = "493023125110"


def link_to(room: Room) -> AmiSettings:
    config = room.config
    secret = Secret(config.ami_secret)
    return replace(AmiSettings(), port=config.ami_port, username=config.ami_user, secret=secret)


def on(room: Room, database_url: str, name: str) -> AbstractAsyncContextManager[DeskRoom]:
    pbx = replace(PbxSettings(), name=name)
    return opened(database_url, Clock(), None, ami=link_to(room), pbx=pbx)


async def ready(desk: DeskRoom, login: str) -> Tab:
    await until(lambda: desk.rooms.calls.registry.link.up, message="the link")
    tab = await desk.tab(login)
    assert (await tab.ask("ready")).ok
    await until(lambda: tab.picture.me.state == "ready", message="ready")
    return tab


async def talks_and_consults(desk: DeskRoom, room: Room, login: str, employee: str) -> str:
    """A caller, an agent and an employee on the line; the id of the call."""
    tab = await ready(desk, login)
    await room.far.behave(login, "answer:0.1")
    await room.far.behave(ERIKA, "answer:0.1")
    await room.far.call("493023125100", number="491713920099")
    await until(lambda: tab.picture.calls and tab.picture.calls[0].view.phase == "talking", message="talks")
    call = tab.picture.calls[0].view.call
    known = desk.rooms.calls.registry
    await until(lambda: any(one.together(one.pbx_call) for one in known.live.values()), message="together")
    assert (await tab.ask("ring", call=call, employee=employee)).ok

    def consulting() -> bool:
        through = tab.picture.calls[0].view.put_through
        return through is not None and through.step == "consulting"

    await until(consulting, message="the employee is there")
    return call


async def test_two_named_asterisks_on_one_database(
    asterisk_tree: AsteriskTree, sqlite_url: str, furnished: SampleCompany, sqlite_db: Database
) -> None:
    async with (
        open_room(asterisk_tree, name="berlin") as in_berlin,
        open_room(asterisk_tree, name="hamburg") as in_hamburg,
        on(in_berlin, sqlite_url, "berlin") as berlin,
        on(in_hamburg, sqlite_url, "hamburg") as hamburg,
    ):
        found = await asyncio.gather(
            talks_and_consults(berlin, in_berlin, "anna", furnished.erika),
            talks_and_consults(hamburg, in_hamburg, "ben", furnished.erika),
        )
        for desk in (berlin, hamburg):
            await desk.rooms.calls.journal.settled()
        async with sqlite_db.read() as conn:
            rows = [await calls.by_id(conn, one) for one in found]
            tried = [await attempts.of_call(conn, one) for one in found]
    assert [(row.pbx, row.pbx_call.partition("-")[0]) for row in rows if row] == [
        ("berlin", "berlin"),
        ("hamburg", "hamburg"),
    ]
    assert [[one.id.partition("-")[0] for one in some] for some in tried] == [["berlin"], ["hamburg"]]


async def test_check_asks_asterisk_for_its_name(asterisk_tree: AsteriskTree) -> None:
    async with open_room(asterisk_tree, name="berlin") as room:
        said = {}
        for name in ("berlin", "hamburg", ""):
            settings = replace(Settings(), ami=link_to(room), pbx=replace(PbxSettings(), name=name))
            said[name] = await checks.try_pbx(settings)
    assert {name: found.ok for name, found in said.items()} == {"berlin": True, "hamburg": False, "": True}
    assert 'it calls itself "berlin", we call it "hamburg"' in said["hamburg"].words
