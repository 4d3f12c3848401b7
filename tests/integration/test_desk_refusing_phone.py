"""A phone on "do not disturb": the agent reads on the desk why no calls come, and the floor does too."""

from __future__ import annotations

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.refusals import FORWARDS, REFUSES
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.i18n import knows
from tests.desk_room import ANNA, DeskRoom, desk_room
from tests.floor_room import staffed
from tests.integration.test_floor import watcher
from tests.played_pbx import leg
from tests.sample_company import SampleCompany
from tests.until import until

CALL = "1795429654.1"


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db)


def refuses(room: DeskRoom, times: int, cause: int) -> None:
    """Anna's phone says no in the same moment."""
    for number in range(times):
        name = f"{leg(CALL, ANNA)}{number}"
        channel = f"{ANNA}-{number}"
        room.pbx.tell(
            ev.CallOffered(CALL, ANNA, name, channel),
            ev.OfferEnded(CALL, ANNA, name),
            ev.HungUp(CALL, name, channel, cause),
        )


@pytest.mark.parametrize("cause, reason", [(17, "phone_refuses"), (23, "phone_forwards")])
@pytest.mark.usefixtures("furnished")
async def test_desk_and_floor_say_why_and_ready_ends_it(sqlite_url: str, cause: int, reason: str) -> None:
    async with desk_room(sqlite_url) as room:
        tab = await room.tab("anna")
        room.pbx.arrive(CALL)
        refuses(room, 1, cause)
        await until(lambda: len(tab.events("offer_gone")) == 1, message="the first pop is gone")
        assert tab.picture.me.state == "ready"
        refuses(room, 2, cause)
        await until(lambda: tab.picture.me.state == "paused", message="a pause")
        assert tab.picture.me.reason == reason
        carla = await watcher(room)
        await carla.look()
        await until(lambda: carla.agent("Anna Keller")["reason"] == reason, message="the floor says so")
        assert (await tab.ask("ready")).ok
        await until(lambda: tab.picture.me.state == "ready", message="Anna is ready")


@pytest.mark.parametrize("locale", ["de", "en"])
def test_each_of_these_pauses_has_its_words(locale: str) -> None:
    for how in (REFUSES, FORWARDS):
        assert knows("desk", locale, f"pauses.{how}")
        assert knows("desk", locale, f"me.{how}")
        assert knows("floor", locale, f"reason.{how}")
