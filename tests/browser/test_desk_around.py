"""Around the call: sound and notification at ring time, the end of the wrap-up, the day for oneself."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.desk_face.played_server import PlayedServer
from tests.until import until

pytestmark = pytest.mark.browser

PLAYED = """
window.tones = [];
window.shown = [];
const Node = class { connect(next) { return next; } };
window.AudioContext = class {
  currentTime = 0; destination = new Node();
  createGain() { const ramp = () => {}; return Object.assign(new Node(),
    { gain: { setValueAtTime: ramp, linearRampToValueAtTime: ramp, exponentialRampToValueAtTime: ramp } }); }
  createOscillator() { const one = Object.assign(new Node(), { frequency: { value: 0 }, stop() {},
    start() { tones.push(one.frequency.value); } }); return one; }
};
window.Notification = class {
  static permission = "granted";
  static async requestPermission() { return "granted"; }
  constructor(text) { shown.push(text); }
  close() { shown.pop(); }
};
Object.defineProperty(document, "hidden", { get: () => window.away === true });
"""


async def listening(open_desk: OpenDesk) -> Desk:
    """A page whose loudspeaker and notifications we hear."""
    desk = await open_desk()
    await desk.page.add_init_script(PLAYED)
    await desk.page.reload()
    await desk.sees("#desk[data-connection=up]")
    return desk


async def switch_on(desk: Desk, label: str) -> None:
    await desk.press("?")
    await desk.page.check(f"#sheet label:has-text({label!r}) input")
    await desk.press("Escape")
    await desk.gone("#sheet")


async def test_a_ring_is_silent_until_sound_is_switched_on(open_desk: OpenDesk) -> None:
    desk = await listening(open_desk)
    await scenes.ringing(desk.stage)
    await desk.sees(".company-name")
    assert await desk.says("[tones.length, shown.length]") == [0, 0]
    await desk.stage.emit(p.OfferGone("c1", "caller_gone"))
    await desk.sees("desk-idle")
    await switch_on(desk, "Zwei leise Töne")
    await scenes.ringing(desk.stage)
    await desk.becomes("tones.length === 2")
    await desk.stage.talk("c1")
    await desk.stage.emit(p.PopChanged(sample_views.mustermann()))
    await desk.sees("#desk[data-phase=talking]")
    assert await desk.says("tones.length") == 2, "only a ring sounds"


async def test_the_browser_notifies_only_when_the_page_is_not_seen_and_stops_with_the_ring(
    open_desk: OpenDesk,
) -> None:
    desk = await listening(open_desk)
    await switch_on(desk, "Hinweis des Browsers")
    await scenes.ringing(desk.stage)
    await desk.sees(".company-name")
    assert await desk.says("shown.length") == 0
    await desk.stage.emit(p.OfferGone("c1", "caller_gone"))
    await desk.says("window.away = true")
    await scenes.ringing(desk.stage)
    await desk.becomes("shown[0] === 'Anruf für Mustermann AG.'")
    await desk.stage.talk("c1")
    await desk.becomes("shown.length === 0")


async def said_of_another_call(stage: PlayedServer) -> None:
    await stage.emit(p.Call(replace(stage.view("c1"), may=["save_draft", "save_note"])))


async def another_call_leaves(stage: PlayedServer) -> None:
    await stage.emit(p.CallClosed("c1"))


async def said_of_the_ring(stage: PlayedServer) -> None:
    await stage.emit(p.Call(replace(stage.view("c2"), may=["pick"])))


async def a_note_lies_open(stage: PlayedServer) -> None:
    await stage.lay_open("n1")


async def comes_back(stage: PlayedServer) -> None:
    """With all that there is, after a restart."""
    stage.epoch = "e2"
    await stage.drop()


STILL = (said_of_another_call, said_of_the_ring, a_note_lies_open, another_call_leaves, comes_back)


async def test_the_notification_stays_as_long_as_its_own_call_rings(open_desk: OpenDesk) -> None:
    """A note is still to be written while the next caller rings."""
    desk = await listening(open_desk)
    await switch_on(desk, "Hinweis des Browsers")
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.says("window.away = true")
    await desk.stage.offer(sample_views.praxis())
    await desk.becomes("shown.length === 1")
    for number, happens in enumerate(STILL, 70):
        await happens(desk.stage)
        await desk.stage.emit(p.Today(p.TodayView(number, 7, 0)))
        await desk.becomes(f"document.body.textContent.includes('{number} Anrufe')")
        assert await desk.says("shown.length") == 1, happens.__name__
    await desk.stage.talk("c2")
    await desk.becomes("shown.length === 0")


async def test_after_a_cut_nobody_is_told_of_a_ring_that_is_over(open_desk: OpenDesk) -> None:
    desk = await listening(open_desk)
    await switch_on(desk, "Hinweis des Browsers")
    await desk.says("window.away = true")
    await scenes.ringing(desk.stage)
    await desk.becomes("shown.length === 1")
    await desk.stage.drop(stay_away=True)
    desk.stage.picture = replace(desk.stage.picture, calls=[])
    desk.stage.epoch, desk.stage.open_for_business = "e2", True
    await desk.becomes("shown.length === 0")


async def test_opening_a_note_for_correction_makes_no_sound(open_desk: OpenDesk) -> None:
    desk = await listening(open_desk)
    await switch_on(desk, "Zwei leise Töne")
    await desk.press("l")
    await desk.sees(".note-versions")
    assert await desk.says("tones.length") == 0


async def test_the_wrap_up_counts_down_and_ends_with_one_key(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.emit(p.Me(p.AgentView("wrap_up", "", sample_views.now(), sample_views.ago(-20))))
    await desk.sees("desk-me .chip", "Nacharbeit")
    first = await desk.says("document.querySelector('desk-me desk-timer').textContent")
    await desk.becomes(f"document.querySelector('desk-me desk-timer').textContent < {first!r}")
    await desk.press("b")
    await until(lambda: desk.stage.sent(p.Ready), message="ready")


async def test_the_own_day_stands_apart_from_everybodys(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    figures = await desk.page.locator("desk-idle .figure dd").all_inner_texts()
    assert figures == ["14", "93 %", "12", "5", "2:13"]
    await desk.sees("desk-idle", "Alle zusammen: 41 Anrufe, 93 % in 20 s, 2 vorher aufgelegt")
    await desk.stage.emit(p.Mine(p.MineView(15, 14, 13, 5, 1870)))
    await desk.sees("desk-idle .figure:first-child dd", "15")


async def test_a_pause_asked_for_in_a_call_is_seen_and_taken_back(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("desk-me .chip", "im Gespräch")
    await desk.press("p", "2")
    await desk.sees("desk-me", "danach Pause: Mittag")
    await desk.sees("desk-me .chip", "im Gespräch")
    await desk.sees("[data-act=ready]", "Keine Pause")
    await desk.sees("#live p", "danach Pause: Mittag")
    await desk.press("b")
    await desk.gone("desk-me .me-after")
    await desk.gone("[data-act=ready]")


@pytest.mark.parametrize("number, words", [(0, "0 Anrufe"), (1, "1 Anruf,"), (2, "2 Anrufe")])
async def test_one_call_is_one_call(open_desk: OpenDesk, number: int, words: str) -> None:
    desk = await open_desk()
    await desk.stage.emit(p.Today(p.TodayView(number, number, 0)))
    await desk.stage.emit(p.Mine(p.MineView(number, number, number, 0, 60)))
    await desk.sees("desk-idle", f"Alle zusammen: {words}")
    labels = await desk.page.locator("desk-idle dt").all_inner_texts()
    assert [labels[0], labels[2]] == (["Anruf", "Notiz"] if number == 1 else ["Anrufe", "Notizen"])


@pytest.mark.parametrize("locale, words", [("de", "Noch nicht zugeordnet"), ("en", "Not assigned yet")])
async def test_a_line_of_nobody_is_named_in_the_agents_own_language(
    open_desk: OpenDesk, locale: Literal["de", "en"], words: str
) -> None:
    desk = await open_desk(locale)
    await desk.stage.emit(p.Waiting([p.WaitingView("w1", "", 0, False, sample_views.now())]))
    note = p.SavedNoteView("n1", "x1", sample_views.now(), "", 0, "", "Hans Müller", "none")
    await desk.stage.emit(p.Notes([note]))
    await desk.sees("desk-waiting .row", words)
    await desk.sees("desk-notes .row", words)
    await desk.sees(".note-last", words)


async def test_what_was_saved_last_stays_to_be_seen(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.sees(".note-last", "Mustermann AG, Sabine Krause → Erika Beispiel")
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.gone(".note-last")
    await desk.page.fill("[name=concern]", "Angebot")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.press("Control+Enter")
    await desk.sees(".note-last", "Mustermann AG, Hans Müller → Zentrale Adresse")


async def test_esc_closes_the_questions_from_the_search_and_from_the_keys(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("f")
    await desk.becomes("document.activeElement.closest('desk-dock') !== null")
    await desk.type("park")
    await desk.sees(".faq")
    await desk.press("Escape")
    await desk.gone(".dock-panel")
    assert await desk.says("document.activeElement.id") == "centre"
    await desk.press("e")
    await desk.sees(".earlier")
    await desk.press("Escape")
    await desk.gone(".dock-panel")


async def test_who_has_asked_for_a_pause_is_offered_no_other(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees(".foot-key", "Pause")
    await desk.stage.pause_after("lunch")
    await desk.sees("desk-me", "Keine Pause")
    await desk.becomes(
        "![...document.querySelectorAll('.foot-key')].some((key) => key.textContent.startsWith('P'))"
    )
    await desk.press("p")
    assert await desk.page.locator("desk-me .menu").is_hidden()
