"""A network that is gone without a word: the page notices, says so, and comes back with every letter."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.browser.doorway import Doorway, doorway
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
CONCERN = "document.querySelector('[name=concern]').value"
GREEN = """[...document.querySelectorAll(".services, desk-me, .company, .others, .steps")]
  .flatMap((place) => [...place.querySelectorAll(".shape")])
  .filter((shape) => shape.checkVisibility() && shape.classList.contains("is-talking")).length"""


@pytest.fixture
async def wire() -> AsyncIterator[Doorway]:
    async with doorway() as opened:
        yield opened


async def far_away(open_desk: OpenDesk, wire: Doorway) -> Desk:
    """A desk whose network can fall silent; signs of life come often, so that nobody waits long for it."""
    desk = await open_desk()
    desk.stage.beat_seconds = 1
    wire.leads_to(desk.address.removesuffix("/desk"))
    await desk.page.goto(f"http://127.0.0.1:{wire.port}/desk")
    await desk.sees("#desk[data-connection=up]")
    return desk


async def test_a_network_that_falls_silent_is_noticed_and_nothing_stays_green(
    open_desk: OpenDesk, wire: Doorway
) -> None:
    desk = await far_away(open_desk, wire)
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("vorher ")
    await until(lambda: desk.stage.sent(p.SaveDraft), message="the draft")
    wire.freeze()
    await desk.type("nachher")
    await desk.sees("desk-banner", "Die Verbindung zum Server ist unterbrochen.")
    await desk.sees("desk-banner", "Ihr Gespräch läuft weiter.")
    await desk.sees("desk-banner", "Jeder getippte Buchstabe ist auf diesem Rechner gesichert.")
    await desk.becomes(f"{GREEN} === 0")
    await desk.sees("desk-me .chip[data-state=uncertain]", "zuletzt im Gespräch")
    await desk.sees(".company .chip[data-state=uncertain]", "zuletzt im Gespräch")
    await desk.sees(".services", "Zustand unbekannt")
    await desk.sees("desk-waiting", "Stand")
    await desk.sees(".note-kept[data-state=late]", "noch nicht gesichert, bleibt auf diesem Bildschirm")
    assert await desk.page.title() == "Keine Verbindung"
    await desk.type(" und länger")
    wire.thaw()
    await desk.sees("#desk[data-connection=up]")
    await desk.gone("desk-banner")
    assert await desk.says(CONCERN) == "vorher nachher und länger"
    await until(lambda: _stored(desk) == "vorher nachher und länger", message="every letter at the server")
    await desk.sees(".note-kept[data-state=kept]")
    await desk.sees("desk-me .chip[data-state=talking]", "im Gespräch")


async def test_a_call_that_rings_meanwhile_is_there_when_the_network_is_back(
    open_desk: OpenDesk, wire: Doorway
) -> None:
    desk = await far_away(open_desk, wire)
    wire.freeze()
    await scenes.talking(desk.stage)
    await desk.sees("desk-banner", "Die Verbindung zum Server ist unterbrochen.")
    assert "Ihr Gespräch" not in await desk.page.locator("desk-banner").inner_text(), "nobody telephones here"
    wire.thaw()
    await desk.sees(".company-name", "Mustermann AG")
    await desk.gone("desk-banner")


async def test_who_comes_back_into_a_silent_network_gives_up_and_tries_again(
    open_desk: OpenDesk, wire: Doorway
) -> None:
    desk = await far_away(open_desk, wire)
    wire.freeze()
    await desk.sees("desk-banner")
    tries = wire.taken
    await until(lambda: wire.taken >= tries + 2, message="an attempt that was given up, and another one")
    await desk.sees("desk-banner")
    wire.thaw()
    await desk.sees("#desk[data-connection=up]")


async def test_the_browser_knows_that_it_is_offline_and_the_page_says_so_at_once(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    told = """async () => {
        window.dispatchEvent(new Event("offline"));
        await new Promise(queueMicrotask);
        return document.getElementById("desk").dataset.connection;
    }"""
    assert await desk.says(f"({told})()") == "down", "not a beat later"
    await desk.sees("#desk[data-connection=up]")
    await desk.context.set_offline(True)
    await desk.sees("desk-banner", "Die Verbindung zum Server ist unterbrochen.")
    await desk.stage.emit(p.Waiting([]))
    await desk.context.set_offline(False)
    await desk.sees("#desk[data-connection=up]")
    await desk.sees("desk-waiting", "Niemand wartet.")


async def test_a_quiet_hour_is_no_dead_network(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.stage.beat_seconds = 0.2
    await desk.page.reload()
    await desk.sees("#desk[data-connection=up]")
    await desk.says(
        """window.states = [];
        new MutationObserver(() => states.push(document.getElementById("desk").dataset.connection))
          .observe(document.getElementById("desk"), { attributes: true });"""
    )
    await desk.says("new Promise((done) => setTimeout(done, 4000))")
    assert "down" not in await desk.says("window.states")


async def test_a_beat_tells_what_the_page_has_missed(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.stage.beat_seconds = 0.2
    await desk.page.reload()
    await desk.sees("#desk[data-connection=up]")
    desk.stage.seq += 1  # an event that never came
    await until(lambda: desk.stage.sent(p.Resync), message="a resync")


@pytest.mark.parametrize("kind", ["hold", "save_note"])
async def test_a_server_that_is_there_and_does_not_answer_is_no_broken_line(
    open_desk: OpenDesk, kind: str
) -> None:
    desk = await open_desk()
    desk.stage.beat_seconds = 0.5
    await desk.page.reload()
    await desk.sees("#desk[data-connection=up]")
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.fill("[name=concern]", "Angebot")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.page.locator("#centre").focus()
    desk.stage.deaf.add(kind)
    await desk.press("h" if kind == "hold" else "Control+Enter")
    await desk.sees(".notice[data-kind=refused]", "der Server hat noch nicht geantwortet")
    await desk.sees(".notice[data-kind=refused]", "Ihr Gespräch läuft weiter.")
    assert await desk.says("document.getElementById('desk').dataset.connection") == "up"
    if kind == "save_note":
        await desk.sees(".notice", "Strg+Enter fragt nach und speichert nichts doppelt.")
        await desk.press("Control+Enter")
        await desk.says("new Promise((done) => setTimeout(done, 200))")
        assert len({command.id for command in desk.stage.sent(p.SaveNote)}) == 1
        assert await desk.says(CONCERN) == "Angebot"


async def test_the_clock_follows_the_server_during_a_long_call(open_desk: OpenDesk) -> None:
    """A laptop that slept: the durations are right again with the next sign of life."""
    desk = await open_desk()
    desk.stage.beat_seconds = 0.5
    await desk.page.reload()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.says("{ const now = Date.now; Date.now = () => now() + 3600_000; }")
    await desk.becomes("/^0:/.test(document.querySelector('.company desk-timer').textContent)")


def _stored(desk: Desk) -> str:
    calls = desk.stage.picture.calls
    return calls[0].draft.body.concern if calls and calls[0].draft else ""


NO_DATABASE = p.Link(p.LinkView("up", "", sample_views.now(), "up", "up", "down"))
GOES_ON = {
    "talking": (scenes.talking, "Ihr Gespräch läuft weiter."),
    "an employee is rung": (scenes.dialling, "Der Anrufer hört weiter Musik."),
    "agent and employee talk": (scenes.consulting, "Ihr Gespräch läuft weiter."),
    "over": (scenes.ended, ""),
}


@pytest.mark.parametrize("moment", GOES_ON)
async def test_what_goes_on_is_said_as_it_is(open_desk: OpenDesk, moment: str) -> None:
    play, words = GOES_ON[moment]
    desk = await open_desk()
    await play(desk.stage)
    await desk.stage.emit(NO_DATABASE)
    await desk.sees("desk-banner", "Die Datenbank antwortet nicht.")
    said = await desk.page.locator("desk-banner").inner_text()
    others = {one for _, one in GOES_ON.values() if one} - {words}
    assert words in said
    assert [one for one in others if one in said] == []


async def test_who_rings_an_employee_while_talking_talks_on(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.stage.through("c1", "ringing", "beispiel", mode="talk")
    await desk.stage.emit(NO_DATABASE)
    await desk.sees("desk-banner", "Ihr Gespräch läuft weiter.")


@pytest.mark.parametrize("moment", GOES_ON)
@pytest.mark.parametrize("code", ["pbx_down", "no_answer_from_pbx"])
async def test_a_pbx_that_is_away_carries_nothing_that_could_be_promised(
    open_desk: OpenDesk, moment: str, code: str
) -> None:
    """It may be dead, and all calls with it: only who holds the receiver knows."""
    play, words = GOES_ON[moment]
    desk = await open_desk()
    await play(desk.stage)
    await desk.stage.emit(p.Link(p.LinkView("down", "lost", sample_views.now(), "up", "up")))
    desk.stage.refuse["pause"] = p.Answer("", False, code)
    await desk.press("p", "1")
    await desk.sees(".notice[data-kind=refused]", "Telefonanlage")
    for place in ("desk-banner", ".notice[data-kind=refused]"):
        said = await desk.page.locator(place).inner_text()
        assert ("Ob der Anruf noch besteht, hören Sie am Telefon." in said) is bool(words)
        assert [one for _, one in GOES_ON.values() if one and one in said] == []


async def test_what_only_the_pbx_knows_is_said_as_it_last_was(open_desk: OpenDesk) -> None:
    """No clock counts a conversation on that may be over, and nobody is said to be ready."""
    desk = await open_desk()
    waits = p.WaitingView("w1", "Praxis Dr. Sommer", 2, True, sample_views.ago(20))
    await desk.stage.emit(p.Waiting([waits]))
    await scenes.talking(desk.stage)
    await desk.sees(".company-state", "im Gespräch")
    clocks = """[...document.querySelectorAll(":is(.company-state, desk-me) desk-timer")]
      .filter((one) => one.textContent).length"""
    assert await desk.says(clocks) > 0, "else the test sees no clock at all"
    await desk.stage.emit(p.Link(p.LinkView("down", "lost", sample_views.now(), "up", "up")))
    await desk.sees(".company-state", "zuletzt im Gespräch")
    await desk.sees("desk-me", "zuletzt")
    await desk.sees("desk-waiting", "Stand")
    assert await desk.says(clocks) == 0
    assert (await desk.page.title()).startswith("zuletzt im Gespräch")
    await desk.stage.emit(p.Link(p.LinkView("up", "", sample_views.now(), "up", "up")))
    await desk.becomes("!document.body.innerText.includes('zuletzt')")
    assert await desk.says(clocks) > 0
