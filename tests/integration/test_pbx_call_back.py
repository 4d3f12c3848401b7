"""A caller for whom nobody is free presses a key, and is rung back: on a real Asterisk, without us."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.asterisk.hold_music import write_hold_music
from pbx_bridge.asterisk.locate import AsteriskTree
from rules.calls.call_backs import met, ring_name, wishes
from tests.integration.test_pbx_blocked_callers import linked
from tests.integration.test_pbx_nobody_free import files, spool, told
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import Room, open_folder, open_room
from tests.pbx.watch import Watch, watching
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

LINE, OTHER, CALLER = "493023125100", "493023125200", "491713920042"


async def test_a_key_is_a_promise_that_is_kept_in_the_queue(asterisk_tree: AsteriskTree) -> None:
    with open_folder() as folder:
        write_hold_music(folder / "rueckruf.wav")
        async with (
            open_room(asterisk_tree, sounds=str(folder)) as room,
            watching(room.pbx) as watch,
        ):
            await watch.name_line(LINE, "Mustermann%20AG")
            offered = "1|busy|busy||Europe/Berlin|never||{}"
            await told(room, {LINE: offered.format("rueckruf"), OTHER: offered.format("fehlt")})
            await _not_asked(room)
            await _promised(room)
            await _kept(room, watch)


async def _not_asked(room: Room) -> None:
    """Who has no number that could be rung, or would hear nothing: as without."""
    withheld = await room.far.call(LINE, withheld=True)
    dear = await room.far.call(LINE, "499001234567")
    ourselves = await room.far.call(LINE, LINE)
    silent = await room.far.call(OTHER, CALLER)
    for caller in (withheld, dear, ourselves, silent):
        await room.far.over(caller)
        assert room.far.cause(caller) == 17
    assert not files(room, "wish")


async def _promised(room: Room) -> None:
    caller = await room.far.call(LINE, CALLER)
    await room.far.hears(caller, "music")
    assert not files(room, "wish")
    await room.far.press(caller, "1")
    await until(lambda: files(room, "wish"), message="noted")
    await room.far.over(caller)
    (wish,) = wishes(path.name for path in spool(room).iterdir())
    assert wish.line == LINE
    assert files(room, "wish")[0].read_text().strip() == f"{CALLER}."


async def _kept(room: Room, watch: Watch) -> None:
    """The agent's telephone rings first; the caller's when it is answered."""
    await watch.add_agent("anna")
    name = ring_name(datetime.now(UTC), 7)
    told = (("_SEC_TO", CALLER), ("_SEC_FROMLINE", LINE), ("_SEC_OF", LINE))
    async with linked(room) as link:
        await link.send(Originate(name, f"Local/{CALLER}@sec-ringback/n", "sec-again", LINE, variables=told))
        shown = await room.far.rang("anna")
        assert (shown.shown_name, shown.shown_number) == ("Rückruf Mustermann AG", f"+{CALLER}")
        arrived = await watch.seen("SecCall", Call=name)
        assert arrived["Did"] == f"+{LINE}"
        assert str(room.far.phone(CALLER).doing) == "idle"
        await room.far.pick_up("anna")
        assert (await room.far.rang(CALLER)).shown_number == f"+{LINE}"
        await room.far.hears("anna", "tone")
        assert not files(room, "met")
        await room.far.pick_up(CALLER)
        await room.far.converse("anna", CALLER)
        assert met(path.name for path in spool(room).iterdir()) == (name,)
        await room.far.hang_up(CALLER)
        await room.far.over("anna")
