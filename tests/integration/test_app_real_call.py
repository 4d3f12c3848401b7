"""One real call through the whole house: trunk, pop, consultation, put-through, note, outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from pbx_bridge.settings import AmiSettings, CallSettings, Secret, TransferSettings
from pbx_bridge.storage.calls import attempts
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from tests.desk_room import Clock, DeskRoom, Tab, opened
from tests.pbx.room import Room
from tests.sample_company import SampleCompany
from tests.until import until

pytestmark = pytest.mark.asterisk

ERIKA = "493023125110"
BODY: dict[str, Any] = {"name": "Hans Müller", "concern": "Angebot", "fields": {"art": "Neukunde"}}


def on(room: Room, database_url: str) -> AbstractAsyncContextManager[DeskRoom]:
    """The service on the real PBX, without any stand-in."""
    ami = replace(
        AmiSettings(),
        port=room.config.ami_port,
        username=room.config.ami_user,
        secret=Secret(room.config.ami_secret),
    )
    transfers = replace(TransferSettings(), ring_seconds=2)
    calls = replace(CallSettings(), wrap_up_seconds=600)
    return opened(database_url, Clock(), None, ami=ami, transfers=transfers, calls=calls)


@pytest.fixture
async def desk(room: Room, sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with on(room, sqlite_url) as found:
        yield found


async def ready(desk: DeskRoom) -> Tab:
    """Anna's desk, signed in to the queue; Ben has not come yet."""
    await until(lambda: desk.rooms.calls.registry.link.up, message="the link")
    tab = await desk.tab("anna")
    assert (await tab.ask("ready")).ok
    await until(lambda: tab.picture.me.state == "ready", message="Anna is ready")
    return tab


@pytest.fixture
async def anna(desk: DeskRoom) -> Tab:
    return await ready(desk)


def phase(tab: Tab) -> str | None:
    return tab.picture.calls[0].view.phase if tab.picture.calls else None


def step(tab: Tab) -> str | None:
    through = tab.picture.calls[0].view.put_through if tab.picture.calls else None
    return through.step if through else None


def together(desk: DeskRoom) -> bool:
    """A few milliseconds after the answer; on a slow PBX a test would be faster."""
    return any(call.together(call.pbx_call) for call in desk.rooms.calls.registry.calls.values())


async def test_a_real_call_becomes_a_pop_a_put_through_and_a_mail(
    desk: DeskRoom, room: Room, anna: Tab, furnished: SampleCompany, sqlite_db: Database
) -> None:
    ben = await desk.tab("ben")
    await room.far.behave("anna", "ring")
    await room.far.behave(ERIKA, "answer:0.2")
    caller = await room.far.call("493023125100", number="491713920042", name="Hans Müller")
    await until(lambda: phase(anna) == "offered", message="the pop")
    pop = anna.picture.calls[0].pop
    assert (pop.company.name, pop.caller.kind, pop.caller.name) == ("Mustermann AG", "vip", "Hans Müller")
    assert not ben.events("offer")
    await room.far.rang("anna")
    await room.far.pick_up("anna")
    await until(lambda: phase(anna) == "talking", message="Anna talks")
    await until(lambda: together(desk), message="caller and agent in one bridge")
    await until(lambda: anna.picture.me.state == "talking", message="Anna talks")

    call = anna.picture.calls[0].view.call
    assert (await anna.ask("ring", call=call, employee=furnished.erika)).ok
    await until(lambda: step(anna) == "consulting", message="Erika is there")
    assert (await anna.ask("connect", call=call)).ok
    await until(lambda: phase(anna) == "joined", message="connected")
    assert (await anna.ask("save_note", call=call, body=BODY)).ok
    await until(lambda: not anna.picture.calls, message="done")
    await until(lambda: anna.picture.me.state == "ready", message="ready again")
    await room.far.hang_up(caller)

    await desk.rooms.calls.journal.settled()
    async with sqlite_db.read() as conn:
        (rung,) = await attempts.of_call(conn, call)
        told = await notifications.of_note(conn, anna.picture.notes[0].id)
    assert (rung.employee_id, rung.result) == (furnished.erika, "joined")
    assert [(message.channel, message.kind) for message in told] == [("email", "short")]


async def test_a_busy_employee_without_a_deputy_brings_the_agent_back_to_the_caller(
    desk: DeskRoom, room: Room, anna: Tab, furnished: SampleCompany
) -> None:
    await room.far.behave("anna", "answer:0.1")
    await room.far.behave(ERIKA, "busy")
    caller = await room.far.call("493023125100", number="491713920099")
    await until(lambda: phase(anna) == "talking", message="Anna talks")
    await until(lambda: together(desk), message="caller and agent in one bridge")
    call = anna.picture.calls[0].view.call
    assert (await anna.ask("ring", call=call, employee=furnished.erika)).ok
    await until(lambda: anna.picture.calls[0].view.tried, message="tried")
    await until(lambda: phase(anna) == "talking" and step(anna) is None, message="back with the caller")
    (tried,) = anna.picture.calls[0].view.tried
    assert (tried.name, tried.result) == ("Erika Beispiel", "busy")
    await room.far.hang_up(caller)
    await until(lambda: phase(anna) == "ended", message="over")
    assert (await anna.ask("close_call", call=call, reason="other")).ok


async def test_the_service_restarts_in_mid_call_and_the_desk_has_it_again(
    room: Room, sqlite_url: str, furnished: SampleCompany
) -> None:
    await room.far.behave("anna", "answer:0.1")
    async with on(room, sqlite_url) as desk:
        anna = await ready(desk)
        caller = await room.far.call("493023125100", number="491713920042")
        await until(lambda: phase(anna) == "talking", message="Anna talks")
        call = anna.picture.calls[0].view.call
        assert (await anna.ask("save_draft", call=call, revision=3, body={"concern": "Ang"})).ok
    await room.far.converse(caller, "anna")  # nobody is cut off by our end
    async with on(room, sqlite_url) as desk:
        anna = await desk.tab("anna")
        await until(lambda: phase(anna) == "talking", message="adopted")
        found = anna.call(call)
        assert found is not None
        assert found.draft is not None
        assert found.draft.body.concern == "Ang"
        assert found.pop.caller.name == "Hans Müller"
        await room.far.hang_up(caller)
        await until(lambda: phase(anna) == "ended", message="over")
