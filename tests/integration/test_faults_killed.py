"""RELIABILITY.md section 2: `kill -9` while notes are saved and a call runs.

Whatever was acknowledged is there, and in the mail; the call goes on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import WholeHouse, open_house, shows
from tests.pbx.fixtures import asterisk_tree
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

DEATHS = 3
NOTES = 30


@dataclass
class Writer:
    """An agent who saves note after note; `acknowledged`: what the service has said yes to."""

    house: WholeHouse
    desk: Desk
    acknowledged: set[str] = field(default_factory=set)

    async def write(self) -> None:
        """Until no call is left, or cancelled; three notes at a time."""
        calls = [call.view.call for call in self.desk.picture.calls]
        await asyncio.gather(*(self._some(calls[place::3]) for place in range(3)))

    async def _some(self, calls: list[str]) -> None:
        for call in calls:
            answer = await self.house.save(self.desk, call, concern(call))
            if answer.ok:
                self.acknowledged.add(call)
            assert answer.ok or answer.code == "already_noted", answer


def concern(call: str) -> str:
    """A text that is in no other note."""
    return f"Anliegen {call}"


async def test_notes_survive_a_death_at_any_moment(
    asterisk_tree: AsteriskTree, record_property: Callable[[str, object], None]
) -> None:
    seed = random.randrange(10_000)
    record_property("seed", seed)
    chance = random.Random(seed)
    async with open_house(asterisk_tree, open_calls=NOTES) as house:
        anna, ben = await house.desk("anna"), await house.desk("ben")
        writer = Writer(house, anna)
        talking = await house.talk(ben)
        typed = p.NoteBody(concern="Ein halber Sa")
        assert (await ben.ask(p.SaveDraft, call=talking, revision=1, body=typed)).ok
        for death in range(1, DEATHS + 1):
            writing = asyncio.create_task(writer.write())
            goal = death * 6
            await until(lambda goal=goal: len(writer.acknowledged) >= goal, message="notes")  # type: ignore[misc]  # a default
            await asyncio.sleep(chance.uniform(0, 0.05))
            await house.service.kill()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await house.kill_service(anna, ben)
            view = await shows(ben, talking, lambda view: "hold" in view.may)
            assert view.phase == "talking", "adopted"
            found = ben.open(talking)
            assert found
            assert found.draft
            assert found.draft.body == typed
        await writer.write()
        await house.put_through(ben, talking, "Erika Beispiel")
        far = house.phones.far
        await far.converse(house.callers[0], house.person("Erika Beispiel").extension.lstrip("+"))
        await house.delivered()
        await judge(house, writer.acknowledged)


async def judge(house: WholeHouse, acknowledged: set[str]) -> None:
    """What the mail server and the file say, against what the agent was told."""
    stored = house.ask("SELECT call_id FROM call_note")
    assert len(stored) == len(set(stored)) == NOTES, "one note a call"
    assert acknowledged <= set(stored)
    for call in stored:
        first, *others = house.arrived(concern(call))
        assert "X-Possible-Duplicate" not in first or not others
        assert {copy["Message-ID"] for copy in others} <= {first["Message-ID"]}
        assert all(copy["X-Possible-Duplicate"] == "yes" for copy in others)
