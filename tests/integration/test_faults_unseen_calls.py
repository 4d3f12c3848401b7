"""A call that comes, is answered and ends while the service or its line to the PBX is away is not lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import Manager
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.ami_proxy import Proxy, proxy_to
from tests.integration.whole_house import PATIENCE, STRANGER, WholeHouse, open_house, shows
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import open_room
from tests.until import eventually, until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

LINE = cast.own_lines()[0].lstrip("+")
GIVES_UP = "491713920099"


@asynccontextmanager
async def behind_a_wire(tree: AsteriskTree) -> AsyncIterator[tuple[WholeHouse, Proxy]]:
    """The service reaches its PBX through a wire that can be frozen."""
    async with (
        open_room(tree) as room,
        proxy_to(room.config.ami_port) as wire,
        open_house(room, ami={"port": wire.port}) as house,
    ):
        yield house, wire


async def on_duty(house: WholeHouse) -> Desk:
    desk = await house.desk("anna")
    await desk.ask(p.Ready)
    await desk.until(lambda now: now.me.state == "ready", "ready", PATIENCE)
    return desk


async def banner(desk: Desk, pbx: str) -> None:
    await desk.until(lambda now: now.link.pbx == pbx, f"the PBX is {pbx}", PATIENCE)


async def talks(house: WholeHouse, desk: Desk) -> FarEndCaller:
    """Somebody calls, and this agent picks up: known to the telephones alone."""
    far = house.phones.far
    await far.behave(desk.who.phone, "answer:0")
    caller = await far.call(LINE, STRANGER, name="Sabine Krause")
    await far.talks(desk.who.phone)
    return caller


async def hangs_up(house: WholeHouse, desk: Desk, caller: FarEndCaller) -> None:
    await house.phones.far.hang_up(caller)
    await house.phones.far.over(desk.who.phone)


async def gives_up(house: WholeHouse, desk: Desk) -> None:
    """Somebody else calls, the phone rings, and nobody takes it."""
    far = house.phones.far
    await far.behave(desk.who.phone, "ring")
    caller = await far.call(LINE, GIVES_UP)
    await far.rang(desk.who.phone)
    await hangs_up(house, desk, caller)


async def noted(house: WholeHouse, desk: Desk, concern: str, *, reason: str = "caller") -> None:
    """The one call on the desk is the one that nobody saw; its note is taken and sent."""
    await desk.until(lambda now: now.calls, "the call", PATIENCE)
    (found,) = desk.picture.calls
    view = found.view
    assert (view.phase, view.recalled, view.end_reason) == ("ended", True, reason)
    assert (found.pop.company.name, found.pop.caller.number) == ("Mustermann AG", f"+{STRANGER}")
    assert view.answered_at
    assert view.ended_at
    assert found.pop.arrived_at <= view.answered_at <= view.ended_at <= datetime.now(UTC)
    assert (await house.save(desk, view.call, concern)).ok
    await desk.until(lambda now: not now.calls, "an empty screen")
    await house.delivered(minutes=False)
    assert len(house.arrived(concern)) == 1


def rows(house: WholeHouse) -> set[tuple[str, str, bool]]:
    """Caller, outcome, answered."""
    return set(house.ask("SELECT caller_number, outcome, answered_at IS NOT NULL FROM call"))


async def forgotten(house: WholeHouse) -> None:
    """The PBX keeps no personal data that the service has."""
    config = house.phones.config
    manager = await Manager.connect(config.ami_port, config.ami_user, config.ami_secret, lambda _: None)
    try:

        async def empty() -> bool:
            return (await manager.action("Getvar", Variable="DB_KEYCOUNT(seen)")).get("Value") == "0"

        await eventually(empty, "the PBX has forgotten all")
    finally:
        await manager.close()


async def test_while_the_link_is_frozen(asterisk_tree: AsteriskTree) -> None:
    async with behind_a_wire(asterisk_tree) as (house, wire):
        anna = await on_duty(house)
        wire.hearing.clear()
        await banner(anna, "down")
        await hangs_up(house, anna, await talks(house, anna))
        await gives_up(house, anna)
        wire.hearing.set()
        await banner(anna, "up")
        await noted(house, anna, "Anliegen hinter dem Frost")
        assert rows(house) == {(f"+{STRANGER}", "noted", 1), (f"+{GIVES_UP}", "abandoned", 0)}
        await forgotten(house)


async def test_while_the_service_is_dead(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        anna = await on_duty(house)
        await house.service.kill()
        await anna.disconnect()
        await hangs_up(house, anna, await talks(house, anna))
        await gives_up(house, anna)
        await house.service.start()
        await anna.connect()
        await noted(house, anna, "Anliegen ohne Dienst")
        assert rows(house) == {(f"+{STRANGER}", "noted", 1), (f"+{GIVES_UP}", "abandoned", 0)}
        await house.kill_service(anna)
        await forgotten(house)
        assert not anna.picture.calls, "over a restart it does not come again"
        assert len(house.ask("SELECT id FROM call")) == 2


async def test_the_pbx_too_went_down_in_mid_call(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        anna = await on_duty(house)
        await house.service.kill()
        await anna.disconnect()
        await talks(house, anna)
        await until(lambda: _on_disk(house), message="Asterisk writes its database once a second")
        await house.phones.pbx.kill()
        await house.phones.pbx.start()
        await house.service.start()
        await anna.connect()
        await noted(house, anna, "Anliegen ohne Anlage", reason="lost")


async def test_the_link_is_back_in_mid_call(asterisk_tree: AsteriskTree) -> None:
    async with behind_a_wire(asterisk_tree) as (house, wire):
        anna = await on_duty(house)
        wire.hearing.clear()
        await banner(anna, "down")
        began = datetime.now(UTC)
        caller = await talks(house, anna)
        house.callers.append(caller)
        answered = datetime.now(UTC)
        await until(
            lambda: datetime.now(UTC) > answered + timedelta(seconds=2), message="some words are spoken"
        )
        wire.hearing.set()
        await anna.until(lambda now: now.calls, "the call", PATIENCE)
        call = anna.picture.calls[0].view.call
        view = await shows(anna, call, lambda view: "hold" in view.may)
        assert (view.phase, view.recalled) == ("talking", False)
        assert view.answered_at
        assert began - timedelta(seconds=1) <= view.answered_at <= answered
        await house.put_through(anna, call, "Erika Beispiel")
        await hangs_up(house, anna, caller)
        assert (await house.save(anna, call, "Anliegen mittendrin")).ok
        (stored,) = house.ask("SELECT answered_at FROM call")
        assert stored.startswith(f"{view.answered_at:%Y-%m-%d %H:%M:%S}")
        await forgotten(house)


def _on_disk(house: WholeHouse) -> bool:
    """Pages are written before they count: as long as a journal lies beside them, a kill takes them back."""
    memory = house.phones.pbx.run_dir / "lib" / "astdb.sqlite3"
    written = b"/answers" in memory.read_bytes()
    return written and not memory.with_name(f"{memory.name}-journal").exists()
