"""A real Asterisk keeps the marks of each kind, and hears nothing again of what stands before one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pbx_bridge.ami.actions import Action, Originate, Response
from pbx_bridge.telephony.astdb import marks
from pbx_bridge.telephony.astdb.read_back import AstdbLink
from tests.integration.test_pbx_blocked_callers import MUSTERMANN, PUSHY, calls, linked
from tests.pbx.fixtures import asterisk_tree, pbx, room, watch
from tests.pbx.room import Room
from tests.pbx.watch import Watch
from tests.telephony.test_marks import KINDS

__all__ = ["asterisk_tree", "pbx", "room", "watch"]
pytestmark = pytest.mark.asterisk

SAID = {
    "blocks": PUSHY,
    "names": "Praxis Dr. Sommer",
    "nobody free": "40|busy|message||Europe/Berlin||",
    "routes": "sec-1",
}


@dataclass
class Counted:
    """The service's link, and which numbers it told."""

    link: AstdbLink
    told: list[str] = field(default_factory=list)

    async def send(self, action: Action) -> Response:
        if isinstance(action, Originate):
            self.told.append(action.channel.removeprefix("Local/").partition("@")[0])
        return await self.link.send(action)

    def numbers(self) -> set[str]:
        """Since the last time of asking, without marks and the word that these are all."""
        found = {number for number in self.told if not number.startswith("0")}
        self.told.clear()
        return found


async def test_what_stands_before_a_mark_is_not_told_again(
    room: Room, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MANY", 3)
    many = [MUSTERMANN, "493023125200", "493023125300", "493023125400"]
    async with linked(room) as link:
        for name, kind in KINDS.items():
            counted = Counted(link)
            told, wanted = kind.make(counted), dict.fromkeys(many, SAID[name])
            await kind.want(told, wanted)
            assert await told.sync()
            assert counted.numbers() == set(many)

            told.invalidate()
            await kind.want(told, wanted | {"493023125500": SAID[name]})
            assert await told.sync()
            assert counted.numbers() == {"493023125500"}, name
    assert await calls(room, watch, MUSTERMANN) == "SecBlocked"
