"""RELIABILITY.md section 2: the database is locked by somebody else, or its disk takes no byte more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import WholeHouse, open_house
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


@contextmanager
def locked(house: WholeHouse) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    with house.database() as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(house: WholeHouse) -> Iterator[None]:
    """A quota on every file of the service; telephones and desks are none."""
    house.service.limit_files(1)
    yield
    house.service.limit_files(-1)


async def goes_on(house: WholeHouse, desk: Desk, fault: AbstractContextManager[None], concern: str) -> None:
    """Nothing is acknowledged, what was typed stays, telephony works; and afterwards everything is stored."""
    draft = p.NoteBody(concern=concern)
    with fault:
        call = await house.talk(desk, number="491713920043", name="Gabriele Müller")
        refused = await house.save(desk, call, concern)
        assert (refused.ok, refused.code) == (False, "storage_down")
        kept = await desk.ask(p.SaveDraft, call=call, revision=1, body=draft)
        assert (kept.ok, kept.code) == (False, "storage_down")
        await desk.until(lambda _: (found := desk.open(call)) and found.draft, "the draft in the other tabs")
        await house.put_through(desk, call, "Erika Beispiel")
    assert not house.arrived(concern)
    for _ in range(20):
        if (answer := await house.save(desk, call, concern)).ok:
            break
        assert answer.code == "storage_down", answer
    assert answer.ok, "it recovers by itself"
    await house.hang_up()
    await house.delivered(minutes=False)
    (mail,) = house.arrived(concern)
    assert "X-Possible-Duplicate" not in mail
    assert house.ask(f"SELECT result FROM attempt WHERE call_id = '{call}'") == ["joined"]  # noqa: S608 - an id of ours
    await desk.until(lambda now: not now.calls, "an empty screen")


async def test_locked_by_another_writer(asterisk_tree: AsteriskTree) -> None:
    patient = {"busy_timeout_seconds": 20}  # longer than a desk waits: no answer may depend on it
    async with open_house(asterisk_tree, database=patient) as house:
        await goes_on(house, await house.desk("anna"), locked(house), "Anliegen bei Sperre")


async def test_no_room_on_the_disk(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        await goes_on(house, await house.desk("anna"), full(house), "Anliegen bei voller Platte")
