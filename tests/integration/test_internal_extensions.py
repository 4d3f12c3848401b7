"""Internal extensions on the real PBX: rung where the operator's rule has them, refused everywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.settings import AmiSettings, Secret, TransferSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import Clock, DeskRoom, Tab, opened
from tests.pbx.room import Room, open_room
from tests.sample_company import NOW, SampleCompany, furnish
from tests.until import until

pytestmark = pytest.mark.asterisk

RULE = "[1-8][0-9]{1,3}"


@pytest.fixture
async def room(asterisk_tree: AsteriskTree) -> AsyncIterator[Room]:
    async with open_room(asterisk_tree, internal=RULE) as opened_room:
        await opened_room.far.behave("anna", "answer:0.1")
        yield opened_room


@asynccontextmanager
async def talking(
    room: Room, url: str, db: Database, extension: str, internal: str
) -> AsyncIterator[tuple[DeskRoom, Tab, SampleCompany]]:
    """Anna talks to a caller for Erika, who has this extension and nobody to stand in for her."""
    house = await furnish(db)
    async with db.write() as conn:
        erika = tables.employee.c.id == house.erika
        await conn.execute(tables.employee.update().where(erika).values(extension=extension, deputy_id=None))
        await data_version.touch(conn, house.customer_id, NOW)
    config = room.config
    ami = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
    transfers = replace(TransferSettings(), ring_seconds=2, internal=internal)
    async with opened(url, Clock(), None, ami=ami, transfers=transfers) as desk:
        await until(lambda: desk.rooms.calls.registry.link.up, message="the link")
        anna = await desk.tab("anna")
        assert (await anna.ask("ready")).ok
        caller = await room.far.call("493023125100", number="491713920042")
        await until(
            lambda: any("ring" in one.view.may for one in anna.picture.calls), message="Anna may ring"
        )
        yield desk, anna, house
        await room.far.hang_up(caller)
        await until(lambda: all(one.view.phase == "ended" for one in anna.picture.calls), message="the end")


async def test_an_internal_extension_is_rung_and_put_through(
    room: Room, sqlite_url: str, sqlite_db: Database
) -> None:
    await room.far.behave("23", "answer:0.1")
    async with talking(room, sqlite_url, sqlite_db, "23", RULE) as (_, anna, house):
        call = anna.picture.calls[0].view.call
        erika = next(one for one in anna.picture.calls[0].pop.employees if one.id == house.erika)
        assert (erika.refusal, erika.tries) == (None, [house.erika])
        assert (await anna.ask("ring", call=call, employee=house.erika)).ok
        await until(lambda: _step(anna) == "consulting", message="Erika is there")
        assert room.far.phone("23").shown_number.endswith("491713920042")
        assert (await anna.ask("connect", call=call)).ok
        await until(lambda: anna.phase(call) == "joined", message="connected")
        await room.far.hears("23", "caller-1")


async def test_one_outside_the_rule_is_refused_by_the_service(
    room: Room, sqlite_url: str, sqlite_db: Database
) -> None:
    async with talking(room, sqlite_url, sqlite_db, "9000", RULE) as (_, anna, house):
        (erika,) = (one for one in anna.picture.calls[0].pop.employees if one.id == house.erika)
        assert erika.refusal == "number_not_allowed"
        answer = await anna.ask("ring", call=anna.picture.calls[0].view.call, employee=house.erika)
        assert (answer.ok, answer.code) == (False, "number_not_allowed")


async def test_one_that_only_the_dial_plan_refuses_brings_the_agent_back_to_the_caller(
    room: Room, sqlite_url: str, sqlite_db: Database
) -> None:
    async with talking(room, sqlite_url, sqlite_db, "9000", "[0-9]+") as (_, anna, house):
        call = anna.picture.calls[0].view.call
        assert (await anna.ask("ring", call=call, employee=house.erika)).ok
        await until(lambda: anna.picture.calls[0].view.tried, message="tried")
        await until(lambda: anna.phase(call) == "talking" and _step(anna) is None, message="back")
        assert [one.result for one in anna.picture.calls[0].view.tried] == ["refused"]
        assert room.far.phone("9000").rings == 0


def _step(tab: Tab) -> str | None:
    through = tab.picture.calls[0].view.put_through if tab.picture.calls else None
    return through.step if through else None
