"""A pause asked for during a call is seen at once, follows the call, and can be taken back until then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import CallSettings
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, calls=replace(CallSettings(), wrap_up_seconds=600)) as opened:
        yield opened


async def becomes(tab: Tab, state: str, after: str = "", reason: str = "") -> None:
    def shown() -> bool:
        me = tab.picture.me
        return (me.state, me.after, me.reason) == (state, after, reason)

    await until(shown, message=f"{state}, then {after or 'nothing'}")


async def talking(room: DeskRoom) -> Tab:
    anna = await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    await until(lambda: room.pbx.named("QueuePause"), message="the wrap-up is prepared")
    await becomes(anna, "talking")
    return anna


@pytest.mark.parametrize("reason", ["break", "lunch", "meeting", "office", "other", "own_1"])
async def test_the_pause_is_shown_while_the_call_goes_on_and_begins_with_its_end(
    room: DeskRoom, reason: str
) -> None:
    anna = await talking(room)
    assert (await anna.ask("pause", reason=reason)).ok
    await becomes(anna, "talking", after=reason)
    room.pbx.hang_up("1.1")
    await becomes(anna, "paused", reason=reason)


async def test_it_is_taken_back_and_the_time_for_the_note_stays(room: DeskRoom) -> None:
    anna = await talking(room)
    assert (await anna.ask("pause", reason="lunch")).ok
    await becomes(anna, "talking", after="lunch")
    assert (await anna.ask("ready")).ok
    await becomes(anna, "talking")
    room.pbx.hang_up("1.1")
    await becomes(anna, "wrap_up")


async def test_a_pause_asked_for_while_it_rings_follows_the_call(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    room.pbx.arrive("1.1")
    room.pbx.offer("1.1")
    assert (await anna.ask("pause", reason="meeting")).ok
    room.pbx.answer("1.1")
    await becomes(anna, "talking", after="meeting")
    room.pbx.hang_up("1.1")
    await becomes(anna, "paused", reason="meeting")


async def test_the_waiting_list_names_no_company_where_there_is_none(room: DeskRoom) -> None:
    """Every desk has its own word for it, in its own language."""
    anna = await room.tab("anna")
    room.pbx.arrive("1.1", dialled="493023125999")
    await until(lambda: anna.picture.waiting, message="who waits")
    assert [one.company for one in anna.picture.waiting] == [""]
    assert isinstance(anna.picture.waiting[0], p.WaitingView)
