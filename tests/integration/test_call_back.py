"""A caller asks to be called back while the service is dead: when it is back, an agent is rung, then the
caller."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from pbx_bridge.asterisk.hold_music import write_hold_music
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.settings import AmiSettings, NobodyFreeSettings, Secret
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from rules.calls.call_backs import is_ring_back
from rules.vocabulary import CallBackEnd
from tests.desk_room import Clock, opened
from tests.integration.test_pbx_nobody_free import files, spool, told
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import Room, open_folder, open_room
from tests.pbx.watch import watching
from tests.sample_company import SampleCompany
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

LINE, CALLER = "493023125100", "491713920042"


async def wish(room: Room) -> None:
    """Nobody is free, and nobody of us is there."""
    await told(room, {LINE: "1|busy|busy||Europe/Berlin|never||rueckruf"})
    caller = await room.far.call(LINE, CALLER)
    await room.far.hears(caller, "music")
    await room.far.press(caller, "1")
    await room.far.over(caller)
    assert files(room, "wish")


async def ends(db: Database) -> list[str | None]:
    async with db.read() as conn:
        return list((await conn.execute(select(t.call_back.c.done_how))).scalars())


async def test_a_promise_of_the_time_without_us_is_kept(
    asterisk_tree: AsteriskTree, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany
) -> None:
    with open_folder() as folder:
        write_hold_music(folder / "rueckruf.wav")
        async with open_room(asterisk_tree, sounds=str(folder)) as room, watching(room.pbx) as watch:
            await wish(room)
            await watch.add_agent("anna")
            config = room.config
            ami = AmiSettings(
                port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret)
            )
            free = replace(NobodyFreeSettings(), recordings=spool(room))
            async with opened(sqlite_url, Clock(), None, ami=ami, nobody_free=free) as desk:
                await room.far.rang("anna")
                calls = desk.rooms.calls.registry.live
                await until(lambda: any(map(is_ring_back, calls)), message=lambda: str(calls))
                (call,) = [one for one in calls.values() if is_ring_back(one.pbx_call)]
                assert (call.customer_id, call.caller.number) == (furnished.customer_id, f"+{CALLER}")
                assert await ends(sqlite_db) == [None]
                await room.far.pick_up("anna")
                await room.far.rang(CALLER)
                await room.far.pick_up(CALLER)
                await room.far.converse("anna", CALLER)
                await until(lambda: not files(room, "met"), message="taken")
                assert await ends(sqlite_db) == [CallBackEnd.REACHED]
                await room.far.hang_up(CALLER)
                await room.far.over("anna")
