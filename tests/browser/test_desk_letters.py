"""A letter that is meant as a letter never acts as a key; and each key works where the help says so."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser

QUIET = (p.SaveDraft, p.CheckNote, p.Resync)
"""What the page sends by itself."""

EVERY_KEY = """async () => {
  const sent = [];
  WebSocket.prototype.send = (frame) => {
    const { type } = JSON.parse(frame);
    if (!["save_draft", "check_note"].includes(type)) sent.push(type);
  };
  const letters = [..."abcdefghijklmnopqrstuvwxyzäöüß0123456789/?."];
  const shifted = letters.map((key) => ({ key: key.toUpperCase(), shiftKey: true }));
  const keys = [...letters.map((key) => ({ key, shiftKey: false })), ...shifted];
  const isText = (node) => node.matches("input, textarea, select") || Boolean(node.closest("section.note"));
  const moment = () => new Promise((done) => setTimeout(done));
  const opened = () => [...document.querySelectorAll("[data-menu], .dock-panel, #sheet")]
    .filter((node) => node.checkVisibility()).map((node) => node.id || node.className).join();
  const nameOf = (node) => [node.localName, node.closest("desk-note, aside, footer, main")?.localName,
    node.className || node.name || node.id].join(" ");
  let now = performance.now();
  const press = (node, key) => {
    const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: now });
    node.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const shows = ({ key, shiftKey }) => {
    const caps = [...document.querySelectorAll(".foot-key kbd")].map((cap) => cap.textContent);
    return caps.includes(shiftKey ? `⇧ ${key}` : key.toUpperCase());
  };
  const found = { acted: [], deaf: [], letters: 0, keys: 0 };
  const all = [...document.querySelectorAll("button, input, textarea, select, a[href], [tabindex]")];
  for (const node of all.filter((one) => one.checkVisibility() && !one.disabled)) {
    now += 5000;  // no word is still in the fingers
    node.focus();
    if (document.activeElement !== node) continue;
    await moment();
    if (isText(node)) {
      const before = opened();
      for (const key of keys) if (press(node, key)) found.acted.push(`${nameOf(node)}: ${key.key}`);
      await moment();
      found.letters += keys.length;
      if (sent.length || opened() !== before || document.activeElement !== node)
        found.acted.push(`${nameOf(node)}: ${sent} ${opened()} ${nameOf(document.activeElement)}`);
    } else {
      for (const key of keys.filter(shows)) {
        node.focus();
        const before = opened();
        if (!press(node, key)) found.deaf.push(`${nameOf(node)}: ${key.key}`);
        await moment();
        document.getElementById("sheet").close();
        if (opened() !== before) press(node, key);
        await moment();
        found.keys += 1;
      }
    }
    sent.length = 0;
  }
  return found;
}"""

PLACES = (
    "idle", "paused", "ringing", "talking", "consulting", "joined", "ended", "practice",
    "pbx_gone", "beside", "correcting", "advertised",
)  # fmt: skip


@pytest.mark.parametrize("scene", PLACES)
async def test_no_letter_acts_in_the_note_or_in_a_field_and_every_key_that_is_shown_works_elsewhere(
    open_desk: OpenDesk, scene: str
) -> None:
    desk = await open_desk()
    await scenes.SCENES[scene](desk.stage)
    await desk.sees("#call" if desk.stage.picture.calls else "desk-idle")
    found: dict[str, Any] = await desk.says(f"({EVERY_KEY})()")
    assert not found["acted"], found["acted"][:10]
    assert not found["deaf"], found["deaf"][:10]
    assert found["keys"], "nothing was tried"
    assert found["letters"] or not desk.stage.picture.calls


def deeds(desk: Desk) -> list[p.Command]:
    return [command for command in desk.stage.commands if not isinstance(command, QUIET)]


async def test_a_name_typed_past_the_last_field_holds_nobody_and_rings_nobody(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("1")  # so that R would ring
    await desk.page.locator("[name=callback_by]").focus()
    for _ in range(12):
        await desk.press("Tab")
        await desk.type("Herr Lohr")
    await desk.press("Escape", "n")
    await desk.becomes("document.activeElement.name === 'concern'")
    assert deeds(desk) == []
    assert await desk.says("!document.querySelector('.dock-panel').checkVisibility()")
    await desk.press("Escape", "h")
    await until(lambda: desk.stage.sent(p.Hold), message="the key works once the note is left")


async def test_who_types_where_nothing_can_be_written_is_told_so(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.page.locator("[data-act=save]").focus()
    await desk.type("Lobo")
    await desk.sees(".notice", "Hier ist kein Feld")
    assert await desk.page.locator(".notice").count() == 1


async def test_a_click_beside_the_fields_of_the_note_is_in_the_note(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.locator(".note-head").click()
    await desk.type("hold")
    await desk.page.locator("desk-speech .say").first.click()
    await desk.press("f")
    await desk.sees(".dock-panel")
    assert deeds(desk) == []


async def test_after_a_call_o_asks_for_the_reason_and_types_into_no_field(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    stranger = p.CallerView("unknown", "+493023125077", "030 23125077")
    await desk.stage.offer(sample_views.mustermann(caller=stranger))
    await desk.stage.talk("c1")
    await desk.stage.end("c1")
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("o")
    await desk.sees("desk-note [role=menu]", "falsch verbunden")
    assert await desk.page.input_value("[name=name]") == ""


async def test_the_focus_stays_in_the_field_when_the_caller_hangs_up_and_the_help_says_alt(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Herr L")
    await desk.stage.end("c1")
    await desk.sees("#desk[data-phase=ended]")
    await desk.type("ohr")
    assert await desk.page.input_value("[name=concern]") == "Herr Lohr"
    await desk.sees("[data-act=close] kbd", "Alt+O")
    await desk.sees(".foot-alt", "Alt und")
    await desk.sees(".foot-alt ~ li", "ohne Notiz")
    await desk.sees(".foot-key", "Feld verlassen")
    await desk.press("Alt+o")
    await desk.sees("desk-note [role=menu]", "falsch verbunden")


async def test_letters_in_the_fingers_act_on_nothing_when_the_note_is_gone(open_desk: OpenDesk) -> None:
    """Another window saves it in mid-word: the rest of the word opens no old note and ends no pause; the note
    goes when the fingers rest."""
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Herr")
    await desk.stage.emit(p.CallClosed("c1"))
    for letter in " Lobpreis und alle bestellen Blumen.":
        await desk.press(letter if letter != " " else "Space")
    await desk.sees("desk-idle")
    await desk.says("new Promise((done) => setTimeout(done, 50))")
    assert deeds(desk) == []


async def test_space_on_a_button_presses_that_button_and_nothing_else(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.consulting(desk.stage)
    await desk.sees("[data-act=connect]")
    for selector in ("[data-act=back]", "desk-dock .button", ".foot-key >> nth=0", "[data-act=pause]"):
        desk.stage.commands.clear()
        await desk.page.locator(selector).first.focus()
        await desk.press("Space")
        await desk.says("new Promise((done) => setTimeout(done))")
        assert not desk.stage.sent(p.Connect), selector
        await scenes.consulting(desk.stage)
        await desk.sees("[data-act=connect]")


async def test_space_with_nothing_to_do_leaves_the_page_where_it_is(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.becomes("document.activeElement.id === 'centre'")
    await desk.page.set_viewport_size({"width": 1280, "height": 420})
    await desk.becomes(f"{SCROLLABLE} > 0")
    reached = (
        "window.pressed = false; addEventListener('keyup', () => (window.pressed = true), { once: true })"
    )
    for _ in range(2):
        await desk.says(reached)
        await desk.press(" ")
        await desk.becomes("window.pressed")
    assert await desk.says("document.getElementById('centre').scrollTop") == 0
    assert [one for one in desk.stage.commands if not isinstance(one, QUIET)] == []


SCROLLABLE = (
    "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.getElementById('centre'))"
)


async def test_a_second_space_in_a_hurry_is_no_letter_of_the_note(open_desk: OpenDesk) -> None:
    """The first one has connected, and the note has the focus by then."""
    desk = await open_desk()
    await scenes.consulting(desk.stage)
    await desk.sees("#desk[data-phase=putting_through]")
    before = await desk.says(FIRST)
    assert before.startswith("centre")
    pressed = """() => {
      const press = (key, timeStamp, repeat = false) => {
        const event = new KeyboardEvent("keydown", { key, repeat, bubbles: true, cancelable: true });
        Object.defineProperty(event, "timeStamp", { value: timeStamp });
        document.activeElement.dispatchEvent(event);
        return event.defaultPrevented;
      };
      window.press = press;
      return press(" ", 1000);
    }"""
    assert await desk.page.evaluate(pressed)
    await until(lambda: desk.stage.sent(p.Connect), message="connect")
    await desk.becomes("document.activeElement.closest('desk-note') !== null")
    assert await desk.says("window.press(' ', 1300)"), "it is no letter"
    assert await desk.says("window.press(' ', 5000, true)"), "nor is a key that is held down"
    assert not await desk.says("window.press('A', 5100)"), "a letter is one"
    assert not await desk.says("window.press(' ', 5200)"), "and a space behind it"


FIRST = "document.activeElement.id + document.activeElement.localName"


async def test_a_space_is_a_letter_for_whoever_begins_to_write(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Noch ein Angebot")
    await desk.becomes("document.activeElement.value === 'Noch ein Angebot'")
