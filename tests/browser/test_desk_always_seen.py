"""What has to stay readable: that a note is saved, which call is live, who waits how long, the way out."""

from __future__ import annotations

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.browser.test_desk_look import LOW, PHONE, SMALL, WHOLE, WIDE, settled, size
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
BODY = p.NoteBody(
    "Hans Müller", "Müller GmbH", "0171 3920042", "Angebot für 40 Regale", recipients=["beispiel"]
)


def seen(selector: str) -> str:
    return f"({WHOLE})(document.querySelector({selector!r}))"


# ---- saved


async def test_a_note_saved_in_mid_call_says_when_and_what_until_something_is_typed(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.stage.save("c1", BODY)
    await desk.sees(".note-done", "Gespeichert")
    await desk.sees(".note-done", "Hans Müller → Erika Beispiel: Angebot für 40 Regale")
    await desk.becomes(seen(".note-done"))
    assert await desk.page.locator("[data-act=save]").is_hidden()
    await desk.stage.through("c1", "ringing", "beispiel", mode="hold")
    await desk.sees(".bar[data-step=ringing]")
    await desk.becomes(seen(".note-done"))
    await desk.page.locator("[name=concern]").focus()
    await desk.type(", eilt")
    await desk.gone(".note-done")
    await desk.sees("[data-act=save]")


async def test_what_was_saved_last_is_read_while_the_next_call_rings(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.stage.close("c1", BODY)
    await desk.sees(".note-last", "Mustermann AG, Hans Müller → Erika Beispiel")
    await desk.stage.offer(sample_views.praxis())
    await desk.sees("#desk[data-phase=offered]")
    await desk.becomes(seen(".note-ring"))
    assert await desk.page.locator(".note-ring").get_attribute("data-hue") == "6", "the company's own colour"


# ---- the note


async def test_what_it_is_about_comes_first_after_whom_it_is_for_and_has_the_height(
    open_desk: OpenDesk,
) -> None:
    for viewport, least in ((SMALL, 100), (LOW, 100), (WIDE, 320)):
        desk = await settled(open_desk, viewport)
        order = (
            """[...document.querySelectorAll(".note-form .field")].map((one) => one.dataset.name ?? "to")"""
        )
        assert (await desk.says(order))[:2] == ["to", "concern"]
        box = await desk.page.locator("[name=concern]").bounding_box()
        assert box
        assert box["height"] >= least
        column = await desk.says("document.querySelector('.note-form').clientWidth")
        assert box["width"] > 0.85 * column
        empty = """(() => {
          const form = document.querySelector(".note-form");
          const last = [...form.children].findLast((one) => one.checkVisibility());
          return form.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom;
        })()"""
        assert await desk.says(empty) < 60, "the column ends where its fields end"


# ---- a correction beside the live call


async def correcting(open_desk: OpenDesk) -> Desk:
    """In the midst of a call with Mustermann AG the last note for Mustermann AG is laid open."""
    desk = await settled(open_desk, SMALL)
    await desk.press("l")
    await desk.sees(".company .chip", "Berichtigung")
    return desk


async def test_a_correction_does_not_hide_the_live_call(open_desk: OpenDesk) -> None:
    desk = await correcting(open_desk)
    await desk.sees(".other[data-live]", "im Gespräch")
    await desk.sees(".other[data-live]", "Hans Müller")
    await desk.becomes(seen(".other[data-live]"))
    looks = await desk.says(
        """[".company .chip", ".other .chip", "#centre", ".other"].map((one) => {
          const style = getComputedStyle(document.querySelector(one));
          return [style.backgroundColor, style.boxShadow, style.backgroundImage !== "none"].join();
        })"""
    )
    assert looks[0] != looks[1], "the chips of the two look alike"
    said = await desk.page.locator(".company .chip").inner_text()
    assert any(letter.isdigit() for letter in said), "which note is corrected is said by its time"
    hues = "[document.querySelector('#desk').dataset.hue, document.querySelector('.other').dataset.hue]"
    assert await desk.says(hues) == ["6", "6"]
    await desk.press("Escape", "Escape")
    await desk.sees("#desk[data-phase=talking]")
    await desk.sees(".other .chip", "Berichtigung")


async def test_a_live_call_has_its_own_band_and_a_correction_a_dashed_one(open_desk: OpenDesk) -> None:
    desk = await settled(open_desk, SMALL)
    band = """(() => {
      const style = getComputedStyle(document.getElementById("centre"));
      return [style.boxShadow !== "none", style.backgroundImage !== "none"];
    })()"""
    assert await desk.says(band) == [True, False]
    await desk.press("l")
    await desk.sees("#desk[data-correction]")
    assert await desk.says(band) == [False, True]


# ---- who waits


@pytest.mark.parametrize("viewport", [SMALL, LOW, (1280, 600), WIDE])
async def test_however_many_wait_notes_and_the_way_out_stay_in_sight(
    open_desk: OpenDesk, viewport: tuple[int, int]
) -> None:
    desk = await open_desk(viewport=size(viewport))
    await scenes.rush(desk.stage)
    await desk.sees("desk-waiting", "Wartend (26)")
    for one in (
        ".leave button",
        "desk-notes .label",
        "desk-notes .row",
        "desk-waiting .row",
        "desk-me .chip",
    ):
        await desk.becomes(seen(one))
    await desk.page.locator("desk-waiting .row").last.scroll_into_view_if_needed()
    await desk.becomes(seen("desk-waiting .row:last-child"))
    await desk.becomes(seen(".leave button"))
    assert await desk.says("document.querySelector('.side').scrollTop") == 0


async def test_how_long_somebody_waits_is_seen_by_colour_shape_and_word(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    since = {"fresh": 2, "late": 25, "long": 80}
    await desk.stage.emit(
        p.Waiting(
            [p.WaitingView(k, "Mustermann AG", 6, False, sample_views.ago(s)) for k, s in since.items()]
        )
    )
    await desk.sees("desk-waiting", "Wartend (3)")
    rows = """[...document.querySelectorAll("desk-waiting .row")].map((row) => [
      getComputedStyle(row.querySelector("desk-timer")).backgroundColor,
      row.querySelector("svg").dataset.shape,
      row.querySelector(".sr-only").textContent,
    ])"""
    found = await desk.says(rows)
    for what in range(3):
        assert len({row[what] for row in found}) == 3, found


async def test_whoever_waits_too_long_changes_colour_by_itself(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.emit(p.Waiting([p.WaitingView("w", "Mustermann AG", 6, False, sample_views.ago(18.5))]))
    await desk.sees("desk-waiting .row[data-wait=fresh]")
    await desk.sees("desk-waiting .row[data-wait=late]")


# ---- what Esc closes


def opened(name: str) -> str:
    """An expression that is true while it is open."""
    return {
        "faq": "document.querySelector('.dock-panel').checkVisibility()",
        "earlier": "document.querySelector('.dock-panel').checkVisibility()",
        "block": "document.querySelector('desk-block').checkVisibility()",
        "notice": "document.querySelectorAll('.notice').length > 0",
        "menu": "Boolean(document.querySelector('desk-me .menu').checkVisibility())",
        "sheet": "document.getElementById('sheet').open",
        "correction": "document.getElementById('desk').hasAttribute('data-correction')",
    }[name]


async def open_it(desk: Desk, name: str) -> None:
    keys = {"faq": ["f", "Tab"], "earlier": ["e"], "menu": ["p"], "sheet": ["?"], "correction": ["l"]}
    if name == "block":
        await desk.stage.emit(p.Block(scenes.OFFER))
    elif name == "notice":
        desk.stage.refuse["hold"] = p.Answer("", False, "pbx_refused")
        await desk.press("h")
    else:
        await desk.press(*keys[name])
    await desk.becomes(opened(name))


async def closes(desk: Desk, name: str) -> None:
    """By Esc; the question whether to block is the server's, who is told."""
    before = len(desk.stage.sent(p.PutOffBlock))
    await desk.press("Escape")
    if name == "block":
        await until(lambda: len(desk.stage.sent(p.PutOffBlock)) > before, message="not blocked")
        await desk.stage.emit(p.Block(None))
    await desk.becomes(f"!({opened(name)})")


@pytest.mark.parametrize(
    "first, second",
    [
        ("earlier", "block"),
        ("block", "earlier"),
        ("notice", "earlier"),
        ("earlier", "menu"),
        ("faq", "sheet"),
        ("earlier", "correction"),
        ("notice", "block"),
        ("block", "menu"),
    ],
)
async def test_esc_closes_what_was_opened_last_and_then_the_one_before(
    open_desk: OpenDesk, first: str, second: str
) -> None:
    desk = await settled(open_desk, SMALL)
    await open_it(desk, first)
    if first == "faq":
        await desk.page.locator("#centre").focus()
    await open_it(desk, second)
    if second == "correction":
        await desk.page.locator("#centre").focus()
    await closes(desk, second)
    assert await desk.says(opened(first)), f"{first} was closed before {second}"
    await closes(desk, first)


async def test_esc_closes_the_questions_before_it_gives_up_a_put_through(open_desk: OpenDesk) -> None:
    desk = await settled(open_desk, SMALL)
    await desk.stage.through("c1", "ringing", "e1", mode="hold")
    await desk.sees("[data-act=back]")
    await desk.press("f")
    await desk.sees(".dock-panel")
    await desk.page.locator("#centre").focus()
    await desk.press("Escape")
    await desk.gone(".dock-panel")
    assert not desk.stage.sent(p.Back)
    await desk.press("Escape")
    await until(lambda: desk.stage.sent(p.Back), message="back to the caller")


async def test_a_question_that_comes_by_itself_never_stands_between_esc_and_the_caller(
    open_desk: OpenDesk,
) -> None:
    desk = await settled(open_desk, SMALL)
    await desk.stage.through("c1", "ringing", "e1", mode="hold")
    await desk.sees("[data-act=back]")
    await desk.stage.emit(p.Block(scenes.OFFER))
    await desk.sees("desk-block")
    await desk.press("Escape")
    await until(lambda: desk.stage.sent(p.Back), message="back to the caller")


async def test_what_floats_lies_over_no_key_of_a_put_through(open_desk: OpenDesk) -> None:
    desk = await settled(open_desk, SMALL)
    await desk.stage.emit(p.Notice("from_supervisor", {"by": "leitung", "text": "Bitte kurz melden."}))
    await desk.press("1")
    await desk.sees("[data-act=ring]")
    await desk.becomes(seen("[data-act=ring]"))
    await desk.stage.through("c1", "consulting", "e0", mode="hold")
    await desk.sees("[data-act=connect]")
    await desk.becomes(seen("[data-act=connect]"))


async def test_the_phone_reads_the_desk_in_one_column(open_desk: OpenDesk) -> None:
    desk = await open_desk(viewport=size(PHONE))
    await scenes.rush(desk.stage)
    await desk.sees("desk-waiting", "Wartend (26)")
    tops = """["#centre", ".note", ".side"].map((one) => document.querySelector(one).getBoundingClientRect())
      .map(({ top, left, width }) => [Math.round(top), left, width === innerWidth])"""
    found = await desk.says(tops)
    assert [left for _, left, _ in found] == [0, 0, 0]
    assert sorted(found) == found
    list_height = "document.querySelector('desk-waiting .rows').clientHeight / innerHeight"
    assert await desk.says(list_height) <= 0.61
