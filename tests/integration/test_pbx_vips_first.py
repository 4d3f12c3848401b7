"""On the real PBX: a VIP who called later is answered before those who wait already."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from tests.desk_room import DeskRoom
from tests.integration.test_app_real_call import on, phase, ready
from tests.pbx.room import Room
from tests.pbx.watch import Watch
from tests.sample_company import SampleCompany
from tests.until import PATIENCE, until

pytestmark = pytest.mark.asterisk

LINE = "493023125100"
VIP, FIRST, SECOND = "491713920042", "491713920077", "491713920078"


@pytest.fixture
async def desk(room: Room, sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with on(room, sqlite_url) as found:
        yield found


async def in_line(watch: Watch) -> list[str]:
    """The numbers of those who wait, as Asterisk has them in its queue."""
    before = len(watch.events)
    await watch.manager.action("QueueStatus", Queue="sec")
    new = watch.events[before:]
    await until(lambda: any(e.get("Event") == "QueueStatusComplete" for e in watch.events[before:]))
    new = [e for e in watch.events[before:] if e.get("Event") == "QueueEntry"]
    return [entry["CallerIDNum"] for entry in sorted(new, key=lambda entry: int(entry["Position"]))]


async def becomes(watch: Watch, wanted: list[str]) -> None:
    end = time.monotonic() + PATIENCE
    while (found := await in_line(watch)) != wanted:
        assert time.monotonic() < end, f"{found} wait, not {wanted}"


async def test_a_vip_is_answered_before_those_who_called_earlier(
    desk: DeskRoom, room: Room, watch: Watch
) -> None:
    anna = await ready(desk)
    if desk.rooms.calls.registry.link.version.startswith("16."):
        pytest.skip("Asterisk 16 cannot move a caller who waits")
    assert (await anna.ask("pause", reason="lunch")).ok
    await until(lambda: anna.picture.me.state == "paused", message="Anna's pause")
    for number, wanted in (
        (FIRST, [FIRST]),
        (SECOND, [FIRST, SECOND]),
        (VIP, [VIP, FIRST, SECOND]),
    ):
        await room.far.call(LINE, number=number)
        await becomes(watch, wanted)
    assert (await anna.ask("ready")).ok
    await until(lambda: phase(anna) is not None, message="the pop")
    assert anna.picture.calls[0].pop.caller.name == "Hans Müller"
