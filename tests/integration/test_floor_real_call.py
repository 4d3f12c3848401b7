"""The floor beside a real Asterisk: a real call is seen, and its agent is logged out after it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, DeskRoom
from tests.floor_room import staffed
from tests.integration.test_app_real_call import on, phase, ready
from tests.integration.test_floor import Watcher, watcher
from tests.pbx.room import Room
from tests.sample_company import SampleCompany
from tests.until import until

pytestmark = pytest.mark.asterisk


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db)


@pytest.fixture
async def desk(room: Room, sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with on(room, sqlite_url) as found:
        yield found


def step(carla: Watcher) -> str | None:
    call = carla.agent("Anna Keller")["call"]
    return call["step"] if call else None


async def test_a_real_call_is_seen_from_ringing_to_the_log_out_after_it(
    room: Room, desk: DeskRoom, furnished: SampleCompany
) -> None:
    anna, carla = await ready(desk), await watcher(desk)
    await carla.look()
    caller = await room.far.call("493023125100", number="491713920042", name="Hans Müller")
    await until(lambda: phase(anna) == "talking", message="Anna to talk")
    await until(lambda: step(carla) == "talking", message="the floor to show it")
    assert carla.agent("Anna Keller")["call"]["company"]["name"] == "Mustermann AG"
    assert await carla.does("log-out", furnished.anna) == (200, {"done": "after_call"})
    assert (await anna.ask("hang_up", call=anna.picture.calls[0].view.call)).ok
    await room.far.over(caller)
    await until(lambda: carla.agent("Anna Keller")["state"] == "wrap_up", message="the wrap-up")
    answer = await anna.ask("close_call", call=anna.picture.calls[0].view.call, reason="other")
    assert answer.ok, answer
    await until(lambda: anna.closed == 4001, message="the desk to close")
    await until(lambda: ANNA not in desk.rooms.calls.registry.agents, message="Asterisk to confirm")
    await until(lambda: carla.agent("Anna Keller")["state"] == "signed_out", message="the floor to show it")
