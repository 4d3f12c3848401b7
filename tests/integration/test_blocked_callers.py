"""From the agent's key to the caller's ear: blocked at the desk, turned away by the real PBX."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import AmiSettings, Secret
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from rules.model import BlockedCaller
from tests.ami_proxy import proxy_to
from tests.desk_room import LINE, Clock, opened
from tests.integration.whole_house import PATIENCE, STRANGER, WholeHouse, open_house, shows
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import Room
from tests.sample_company import NOW, furnish
from tests.until import eventually, until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

MUSTERMANN, SOMMER = 0, 1
REJECTED = 21


async def turned_away(room: Room, line: str, number: str = STRANGER) -> bool:
    """Somebody calls; whether the network rejects them at once. Whoever gets through hangs up again."""
    caller = await room.far.call(line, number)
    rejected = await room.far.heard_of(caller) is Doing.OVER
    await room.far.hang_up(caller)
    await room.far.over(caller)
    if rejected:
        assert room.far.cause(caller) == REJECTED
    return rejected


def line(number: int) -> str:
    return cast.own_lines()[number].lstrip("+")


async def advertised(house: WholeHouse, anna: Desk) -> str:
    """The stranger called Mustermann AG, and Anna closed the call as advertising."""
    call = await house.talk(anna)
    await house.hang_up()
    await shows(anna, call, lambda view: "close_call" in view.may)
    assert (await anna.ask(p.CloseCall, call=call, reason="advertising")).ok
    await stands(anna, "offered")
    return call


async def stands(anna: Desk, state: str) -> None:
    await anna.until(lambda now: now.block and now.block.state == state, f"the block is {state}", PATIENCE)


async def until_turned_away(house: WholeHouse, wanted: bool) -> None:
    """The PBX knows it a moment after the desk: its own answer counts."""
    async with asyncio.timeout(PATIENCE):
        while await turned_away(house.phones, line(MUSTERMANN)) is not wanted:
            pass
    if wanted:  # not asked before: whoever got through a moment ago may ring a phone still
        rings = house.phones.far.phone("anna").rings
        assert await turned_away(house.phones, line(MUSTERMANN))
        assert house.phones.far.phone("anna").rings == rings


async def test_blocked_at_the_desk_and_turned_away_even_while_the_service_is_dead(
    asterisk_tree: AsteriskTree,
) -> None:
    async with open_house(asterisk_tree) as house:
        anna = await house.desk("anna")
        call = await advertised(house, anna)
        await house.phones.far.behave(anna.who.phone, "ring")  # a call that she takes ends the offer

        assert (await anna.ask(p.BlockCaller, call=call)).ok
        await stands(anna, "blocked")
        await until_turned_away(house, True)
        assert not await turned_away(house.phones, line(SOMMER)), "the practice has blocked nobody"
        assert not await turned_away(house.phones, line(MUSTERMANN), "491713920078"), "somebody else"

        assert (await anna.ask(p.ReleaseCaller, call=call)).ok
        await until_turned_away(house, False)
        assert (await anna.ask(p.BlockCaller, call=call)).ok
        await until_turned_away(house, True)
        query = "SELECT caller_number FROM call WHERE outcome = 'blocked'"
        await until(lambda: len(house.ask(query)) >= 2, message="both are written down")
        assert set(house.ask(query)) == {f"+{STRANGER}"}

        await house.service.kill()
        assert await turned_away(house.phones, line(MUSTERMANN)), "nobody needs the service for it"
        assert not await turned_away(house.phones, line(SOMMER))

        await house.phones.pbx.restart()
        assert await turned_away(house.phones, line(MUSTERMANN)), "nor has the PBX forgotten it"
        await unblocked_elsewhere(house)
        await house.service.start()
        await until_turned_away(house, False)


async def unblocked_elsewhere(house: WholeHouse) -> None:
    """Somebody changed the database while no service was there to see it."""
    db = Database(f"sqlite:///{house.folder / 'house.db'}")
    async with db.write() as conn:
        customer = house.companies[MUSTERMANN].id
        assert await blocked_callers_editing.delete(conn, customer, f"+{STRANGER}")
        await data_version.touch(conn, customer, NOW)
    await db.close()


async def test_a_change_while_the_wire_is_cut_reaches_the_pbx_when_it_is_mended(
    room: Room, sqlite_url: str, sqlite_db: Database
) -> None:
    house = await furnish(sqlite_db)
    caller = BlockedCaller(new_id(), f"+{STRANGER}")
    config = room.config
    async with proxy_to(config.ami_port) as wire:
        ami = replace(
            AmiSettings(),
            port=wire.port,
            username=config.ami_user,
            secret=Secret(config.ami_secret),
            backoff_max_seconds=0.2,
        )
        async with opened(sqlite_url, Clock(), None, ami=ami) as desk:
            await until(lambda: desk.rooms.calls.registry.link.up, message="the link")
            assert not await turned_away(room, LINE)

            await wire.stop()
            await until(lambda: not desk.rooms.calls.registry.link.up, message="the link is lost")
            async with desk.rooms.db.write() as conn:
                await blocked_callers_editing.insert(conn, house.customer_id, caller, None, NOW)
                await data_version.touch(conn, house.customer_id, NOW)
            company = desk.rooms.directory.index.customers
            await until(lambda: company[house.customer_id].blocked, message="the service knows")
            assert not await turned_away(room, LINE), "the PBX cannot know yet"

            await wire.start()
            await until(lambda: desk.rooms.calls.registry.link.up, message="the link is back")
            await eventually(lambda: turned_away(room, LINE), "the PBX is told")
