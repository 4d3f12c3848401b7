from __future__ import annotations

import pytest

from pbx_bridge.ami.actions import Action, DBGet, Originate, Response
from pbx_bridge.ami.codec import encode
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.telephony.astdb.blocklist import Blocklist
from tests.fake_astdb import FakeAstdb

LINE, PUBLIC = "+493023125100", "+493023125000"
PUSHY, OTHER = "+493023125777", "+493023125778"


class Pbx:
    """`deaf`: its dial plan is too old, nothing comes of what is written. `gone_after`: so many actions."""

    def __init__(self) -> None:
        self.walls = FakeAstdb()
        self.sent: list[Action] = []
        self.deaf = False
        self.gone_after = 1_000_000

    async def send(self, action: Action) -> Response:
        if not self.gone_after:
            raise LinkGone("cut")
        self.gone_after -= 1
        encode(action.headers())  # raises what cannot be sent
        self.sent.append(action)
        if not isinstance(action, DBGet):
            if not self.deaf:
                self.walls.take(action)
            return Response(ok=True, message="Originate successfully queued")
        answer = self.walls.read(action)
        if not answer.ok:
            raise ActionFailed("DBGet", answer.message)
        return answer

    def written(self) -> int:
        """Writes since the last time of asking."""
        writes = sum(isinstance(action, Originate) for action in self.sent)
        self.sent.clear()
        return writes


def walls(*blocked: str) -> dict[str, frozenset[str]]:
    return {LINE: frozenset(blocked), PUBLIC: frozenset(blocked)}


async def test_every_number_of_a_company_is_told_and_then_only_what_differs() -> None:
    pbx = Pbx()
    blocklist = Blocklist(pbx)
    blocklist.set_desired(walls(PUSHY))
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125100") == pbx.walls.turned_away("493023125000") == {"493023125777"}
    assert pbx.written() == 3

    assert await blocklist.sync()
    assert pbx.sent == []

    blocklist.set_desired(walls(OTHER))
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125100") == {"493023125778"}
    assert pbx.written() == 4  # at two numbers: one more, one less

    blocklist.set_desired({LINE: frozenset()})
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125100") == set()
    assert pbx.walls.lists[pbx.walls.now]["493023125000"] == set()  # nobody's number any longer


async def test_a_list_begun_counts_only_when_it_is_complete() -> None:
    pbx = Pbx()
    before = Blocklist(pbx)
    before.set_desired(walls(PUSHY, OTHER))
    assert await before.sync()

    after = Blocklist(pbx)
    after.set_desired(walls(PUSHY))
    pbx.gone_after = 3
    assert not await after.sync()
    assert pbx.walls.turned_away("493023125100") == {"493023125777", "493023125778"}  # as it was

    pbx.gone_after = 100
    after.invalidate()
    assert await after.sync()
    assert pbx.walls.turned_away("493023125100") == {"493023125777"}
    assert len(pbx.walls.lists) == 1


async def test_what_changed_while_the_wire_was_cut_is_told_when_it_is_back() -> None:
    pbx = Pbx()
    blocklist = Blocklist(pbx)
    blocklist.set_desired(walls(PUSHY))
    await blocklist.sync()
    pbx.gone_after = 0
    blocklist.set_desired(walls(OTHER))
    assert not await blocklist.sync()

    pbx.gone_after = 100
    blocklist.invalidate()
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125000") == {"493023125778"}


async def test_another_pbx_gets_everything() -> None:
    pbx = Pbx()
    blocklist = Blocklist(pbx)
    blocklist.set_desired(walls(PUSHY))
    await blocklist.sync()
    pbx.walls = FakeAstdb()
    blocklist.invalidate()
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125000") == {"493023125777"}


async def test_a_pbx_that_does_not_understand_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbx_bridge.telephony.astdb.read_back.DONE_SECONDS", 0.0)
    pbx = Pbx()
    pbx.deaf = True
    blocklist = Blocklist(pbx)
    blocklist.set_desired(walls(PUSHY))
    assert not await blocklist.sync()
    pbx.deaf = False
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125100") == {"493023125777"}


async def test_any_number_of_callers_goes_in_lines_that_can_be_sent() -> None:
    pbx = Pbx()
    blocklist = Blocklist(pbx)
    many = {f"+4917139200{number:02}" for number in range(100)}
    blocklist.set_desired({LINE: frozenset(many), "a name": frozenset(many)})
    assert await blocklist.sync()
    assert pbx.walls.turned_away("493023125100") == {number.removeprefix("+") for number in many}
