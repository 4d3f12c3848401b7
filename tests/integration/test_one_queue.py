"""On a real Asterisk without the service: all wait in one line, and nobody rings who may not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.telephony.astdb.blocklist import Blocklist
from pbx_bridge.telephony.astdb.routes import Routes
from tests.integration.test_pbx_blocked_callers import linked
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk
from tests.pbx.room import CALM, Room, open_room
from tests.pbx.watch import Watch, watching
from tests.until import until

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

AGENTS = ("anna", "ben", "carla")
DOCTOR, FIRM = "493023125200", "493023125100"
PATIENT, CUSTOMER, LATER = "491713920077", "491713920078", "491713920079"


@asynccontextmanager
async def told(tree: AsteriskTree, **changes: object) -> AsyncIterator[tuple[Room, Watch]]:
    """The service has told its PBX what holds, and is gone: the doctor's callers are for who is in sec-1."""
    async with open_room(tree, AGENTS, **changes) as room, watching(room.pbx) as watch:
        async with linked(room) as link:
            companies, routes = Blocklist(link), Routes(link)
            companies.set_desired({f"+{DOCTOR}": frozenset(), f"+{FIRM}": frozenset()})
            await routes.set_desired({DOCTOR: "sec-1...b"})
            assert await companies.sync()
            assert await routes.sync()
        for name in AGENTS:
            await room.far.behave(name, "ring")
        yield room, watch


async def signs_in(watch: Watch, name: str, *queues: str, paused: bool = False) -> None:
    phone = f"PJSIP/{name}"
    for queue in queues:
        await watch.manager.action(
            "QueueAdd", Queue=queue, Interface=phone, StateInterface=phone, Paused=str(paused).lower()
        )


async def is_back(watch: Watch, name: str) -> None:
    await watch.manager.action("QueuePause", Interface=f"PJSIP/{name}", Paused="false")


async def waits(room: Room, watch: Watch, line: str, number: str, where: str) -> FarEndCaller:
    """Somebody calls and waits there: queue and place, as "sec 1"."""
    before = watch.events[-1] if watch.events else None
    caller = await room.far.call(line, number)
    joined = await watch.seen("QueueCallerJoin", after=before, CallerIDNum=number)
    assert f"{joined['Queue']} {joined['Position']}" == where
    return caller


async def makes_way(tree: AsteriskTree, **changes: object) -> None:
    async with told(tree, **changes) as (room, watch):
        await signs_in(watch, "anna", "sec", "sec-1", paused=True)
        await waits(room, watch, DOCTOR, PATIENT, "sec 1")
        await waits(room, watch, FIRM, CUSTOMER, "sec 2")
        await signs_in(watch, "carla", "sec", paused=True)
        follows = await waits(room, watch, DOCTOR, LATER, "sec 3")
        await room.far.hang_up(follows)
        await room.far.over(follows)
        await signs_in(watch, "ben", "sec")
        assert (await room.far.rang("ben")).shown_number == CUSTOMER
        await watch.seen("QueueCallerJoin", Queue="sec-1", CallerIDNum=PATIENT)
        await waits(room, watch, DOCTOR, LATER, "sec-1 2")
        await is_back(watch, "anna")
        assert (await room.far.rang("anna")).shown_number == PATIENT
        assert list(room.far.rung) == ["ben", "anna"]
        assert not watch.find("AgentRingNoAnswer")
        assert not watch.find("QueueMemberPause", Interface="PJSIP/ben")
        assert not [
            line for line in room.pbx.log.read_text().splitlines() if "WARNING" in line or "ERROR" in line
        ]


async def test_who_may_not_answer_is_rung_for_the_next_one_only(asterisk_tree: AsteriskTree) -> None:
    await makes_way(asterisk_tree)


async def test_the_same_where_one_phone_rings_after_the_other(asterisk_tree: AsteriskTree) -> None:
    await makes_way(asterisk_tree, strategy="leastrecent")


@pytest.mark.parametrize("strategy", ["ringall", "leastrecent"])
async def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree, strategy: str) -> None:
    await makes_way(oldest_asterisk, strategy=strategy)


async def test_who_may_answer_is_rung_again_while_another_one_is_free(asterisk_tree: AsteriskTree) -> None:
    timers = replace(CALM, agent_ring=3)
    async with told(asterisk_tree, timers=timers) as (room, watch):
        await signs_in(watch, "anna", "sec", "sec-1")
        await waits(room, watch, DOCTOR, PATIENT, "sec 1")
        await room.far.rang("anna")
        await signs_in(watch, "ben", "sec")
        await until(
            lambda: room.far.phone("anna").rings == 2, message="Anna's phone rings for the second time"
        )
        assert room.far.phone("ben").rings == 0
        assert not watch.find("QueueCallerJoin", Queue="sec-1"), "no reason to make way"
        await room.far.call(FIRM, CUSTOMER)
        assert (await room.far.rang("ben")).shown_number == CUSTOMER
