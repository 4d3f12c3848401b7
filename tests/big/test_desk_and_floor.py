"""Pops, commands and pictures with the biggest company, long words, two hundred who wait and many agents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
import pytest_asyncio

from pbx_bridge.calls import events as ev
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.status import Status
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.customers import data_version
from rules.model import Agent
from tests.calls import call_events as happens
from tests.desk_room import ANNA, DeskRoom, Tab
from tests.loop_watch import Watch
from tests.until import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

WAITING, RING = 200, 30
QUERIES = (
    "", "e", "e e " * 25, "e i v b " * 12, "ei ein eink einka einkau", "ö" * 100, "\u0301" * 100, "((([[[",
    "%_%_", "0" * 100, "einkauf und verkauf bereich 9", "zzz " * 25, "x\0y", "Anne-Kathrin von der Mühle",
)  # fmt: skip
TEXTS = {
    "long": "Bittet um Rückruf. " * 520,
    "far too long": "am " * 60_000 + "Rückruf nicht nötig",
    "one word": "x" * 200_000,
    "strokes": "1/" * 100_000,
    "breaks": "\n" * 100_000,
    "halves of letters": "\ud83d" * 10_000,
}
FIELDS = ("name", "company", "callback", "concern", "callback_by", "message_to_caller")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def anna(big_room: DeskRoom) -> AsyncIterator[tuple[Tab, str]]:
    """Her desk, and the id of a call with a VIP of the big company that she has."""
    tab = await big_room.tab("anna")
    call, anna_has = "1795600001.1", big_room.id_of("1795600001.1")
    big_room.pbx.ring_and_answer(call, caller="494000000007")
    await until(lambda: tab.phase(anna_has) == "talking", message="her call")
    yield tab, anna_has


async def test_the_pop_of_a_vip(anna: tuple[Tab, str], loop_watch: Watch, big_room: DeskRoom) -> None:
    tab, _ = anna
    big_room.pbx.arrive("1795600002.1", caller="494000000300")
    big_room.pbx.offer("1795600002.1")
    await until(lambda: tab.phase(big_room.id_of("1795600002.1")) == "offered", message="a pop")
    big_room.pbx.gives_up("1795600002.1")
    await until(lambda: tab.call(big_room.id_of("1795600002.1")) is None, message="gone")
    loop_watch.check()


@pytest.mark.parametrize("what", ["employees", "faq"])
async def test_a_search_with_any_text(anna: tuple[Tab, str], loop_watch: Watch, what: str) -> None:
    tab, call = anna
    for query in QUERIES:
        answer = await tab.ask("find", call=call, what=what, query=query[:100])
        assert answer.ok, query
    loop_watch.check()


@pytest.mark.parametrize("text", TEXTS)
async def test_a_note_with_any_text(anna: tuple[Tab, str], loop_watch: Watch, text: str) -> None:
    tab, call = anna
    for field in FIELDS:
        body = {"name": "Hans Müller", "concern": "Angebot"} | {field: TEXTS[text]}
        assert (await tab.ask("check_note", call=call, body=body)).ok
    loop_watch.check()


@pytest.mark.parametrize("text", TEXTS)
async def test_no_odd_text_is_a_number(anna: tuple[Tab, str], loop_watch: Watch, text: str) -> None:
    tab, call = anna
    answer = await tab.ask("ring_number", call=call, number=TEXTS[text], mode="hold_first")
    assert not answer.ok
    loop_watch.check()


@pytest.mark.parametrize("text", TEXTS)
async def test_no_odd_text_is_a_colleague(anna: tuple[Tab, str], loop_watch: Watch, text: str) -> None:
    tab, call = anna
    answer = await tab.ask("ask_colleague", call=call, colleague=TEXTS[text])
    assert not answer.ok
    loop_watch.check()


async def test_of_a_thousand_colleagues_a_hundred_are_told_and_who_is_free_comes_first(
    loop_watch: Watch,
) -> None:
    agents = [Agent(f"a{n}", "Kim", f"Nr. {n:04}", f"PJSIP/a{n}", "de") for n in range(1_000)]
    hub, registry = Hub("epoch"), happens.registry()
    registry.apply(ev.MemberChanged("PJSIP/a999", "sec", False, "", ev.MemberStatus.FREE), happens.NOW)
    around = Status(hub, Staff(agents), registry, Index(), happens.NOW)
    around.colleagues_moved()
    await until(lambda: hub.picture("a0").colleagues and hub.picture("a999").colleagues, message="told")
    told = hub.picture("a0").colleagues
    assert (len(told), told[0].agent, told[0].state) == (100, "a999", "ready")
    loop_watch.check()


async def test_a_note_with_many_fields_and_recipients(anna: tuple[Tab, str], loop_watch: Watch) -> None:
    tab, call = anna
    bodies: list[dict[str, Any]] = [
        {"fields": {f"f{number}": "x" for number in range(15_000)}},
        {"recipients": [f"e{number:05}" for number in range(20_000)]},
        {"recipients": ["x" * 100] * 2_000},
    ]
    for revision, body in enumerate(bodies, 1):
        whole = {"name": "Hans Müller", "concern": "Angebot"} | body
        assert (await tab.ask("check_note", call=call, body=whole)).ok
        assert (await tab.ask("save_draft", call=call, revision=revision, body=whole)).ok
    loop_watch.check()


async def test_as_many_are_told_as_a_note_may_name(anna: tuple[Tab, str], loop_watch: Watch) -> None:
    tab, call = anna
    concern = "Bittet um Rückruf wegen der Lieferung. " * 100
    everybody = [f"e{number:05}" for number in range(200)]
    body = {"name": "Hans " * 20, "company": "Müller " * 15, "concern": concern, "recipients": everybody}
    fields = {f"feld{number}": f"Wahl {number}" for number in range(10)}
    answer = await tab.ask("save_note", call=call, body=body | {"fields": fields, "callback": "030 23125100"})
    assert answer.ok, answer
    loop_watch.check()


async def test_two_hundred_wait_and_many_of_them_are_answered(
    anna: tuple[Tab, str], loop_watch: Watch, big_room: DeskRoom
) -> None:
    """All of them VIPs of different people; the floor is looked at, another desk is opened, phones ring and
    the company changes."""
    tab, _ = anna
    room, calls = big_room, [f"17957{number:05}.1" for number in range(WAITING)]
    headers = {"Cookie": await room.log_in("chefin"), "Origin": "http://desk.example"}
    floor = await room.client.ws_connect(f"{room.url}/floor/socket", headers=headers)
    for number, call in enumerate(calls):
        room.pbx.arrive(call, caller=f"4940{number:08}")
        if number < RING:
            room.pbx.offer(call)
    await until(lambda: len(tab.picture.calls) > RING, 60, "some ring at her desk")
    await until(lambda: len(tab.picture.waiting) == WAITING, 60, "all are shown")
    async with room.client.get(f"{room.url}/floor", headers=headers) as page:
        assert page.status == 200
    other = await room.tab("anna")
    await other.ask("resync")
    async with room.rooms.db.write() as conn:
        await data_version.touch(conn, "big", datetime.now(UTC))
    await until(lambda: room.rooms.upkeep.follower._version == _version(room), 60, "the change is followed")
    for number in range(6):
        room.pbx.tell(ev.MemberChanged(ANNA, "sec", bool(number % 2), "break", ev.MemberStatus.FREE))
        await asyncio.sleep(0)
    frames = 0
    while frames < 2:
        frames += '"type":"floor"' in str((await floor.receive()).data)
    for call in calls:
        room.pbx.gives_up(call)
    await until(lambda: not tab.picture.waiting, 60, "nobody waits")
    await floor.close()
    loop_watch.check()


def _version(room: DeskRoom) -> int:
    held = room.rooms.directory.index.customer("big")
    return held.version if held else -1


def test_the_protocol_has_no_other_commands() -> None:
    """Those with texts or ids in them are tried above; the others carry nothing."""
    tried = {p.Find, p.CheckNote, p.SaveDraft, p.SaveNote, p.Resync, p.RingNumber, p.AskColleague}
    carry = {
        kind for kind in get_args(p.ClientCommand)
        if set(kind.__struct_fields__) - {"id", "call", "mode", "reason", "employee", "note"}
    }  # fmt: skip
    assert carry == tried - {p.Resync}
