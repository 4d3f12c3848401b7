"""What is in sight while one talks: measured on the page, in pixels."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser

WHOLE = """(node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || box.left < 0 || box.right > innerWidth + 0.5) return false;
  const at = (x, y) => node.contains(document.elementFromPoint(x, y));
  const [x, top, bottom] = [box.left + box.width / 3, box.top + 1, box.bottom - 1];
  return at(x, top) && at(x, (top + bottom) / 2) && at(x, bottom);
}"""
ROWS = f"[...document.querySelectorAll('.employee')].filter({WHOLE}).length"
SMALL, LOW, WIDE, PHONE = (1280, 800), (1280, 720), (1920, 1080), (390, 844)


def size(viewport: tuple[int, int]) -> dict[str, int]:
    return {"width": viewport[0], "height": viewport[1]}


async def settled(open_desk: OpenDesk, viewport: tuple[int, int], **options: Any) -> Desk:
    """A minute into a call of a VIP at a company of 61."""
    desk = await open_desk(viewport=size(viewport), **options)
    await scenes.settled(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    return desk


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(
    "viewport, keys",
    [
        (SMALL, []),
        (LOW, []),
        (SMALL, ["3"]),
        (SMALL, ["/"]),
        (LOW, ["/"]),
        (SMALL, ["f"]),
        (LOW, ["f"]),
        (LOW, ["e"]),
        (WIDE, ["f"]),
    ],
)
async def test_the_nine_that_have_a_key_are_in_sight(
    open_desk: OpenDesk, viewport: tuple[int, int], keys: list[str], locale: str
) -> None:
    desk = await settled(open_desk, viewport, locale=locale)
    await desk.press(*keys)
    await desk.becomes(f"{ROWS} >= 9")


async def test_the_nine_stay_in_sight_when_all_are_called_and_do_as_much_as_can_be(
    open_desk: OpenDesk,
) -> None:
    """Long names, long jobs, away: what cannot stand there is cut in the job, never in name or absence."""
    desk = await open_desk()
    away = p.AvailabilityView("away", "Im Urlaub.", sample_views.FRIDAY_MIDNIGHT)
    people = [
        replace(
            one, name=f"Maximiliane Mühlenberg-Hohenstein {n}", availability=away, position="Leiterin " * 9
        )
        for n, one in enumerate(sample_views.many(61))
    ]
    await desk.stage.offer(sample_views.mustermann(employees=people, news=[]))
    await desk.stage.talk("c1")
    await desk.stage.emit(p.Call(replace(desk.stage.view("c1"), answered_at=sample_views.ago(60))))
    await desk.becomes(f"{ROWS} >= 6")
    cut = """[...document.querySelectorAll('.person, .there')].some(
      (node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow === 'hidden')"""
    assert not await desk.says(cut)


@pytest.mark.parametrize("viewport", [SMALL, LOW, WIDE])
async def test_company_and_state_take_one_line(open_desk: OpenDesk, viewport: tuple[int, int]) -> None:
    desk = await settled(open_desk, viewport)
    lines = """(() => {
      const head = document.querySelector("desk-company").getBoundingClientRect();
      const name = document.querySelector(".company-name");
      return head.height / parseFloat(getComputedStyle(name).lineHeight);
    })()"""
    assert await desk.says(lines) < 2


@pytest.mark.parametrize("viewport", [SMALL, WIDE])
async def test_name_and_what_is_possible_stand_together(
    open_desk: OpenDesk, viewport: tuple[int, int]
) -> None:
    desk = await settled(open_desk, viewport)
    apart = """Math.max(...[...document.querySelectorAll(".employee")].map((row) => {
      const [a, b] = [".person", ".through"].map((one) => row.querySelector(one).getBoundingClientRect());
      const beside = Math.max(b.left - a.right, a.left - b.right, 0);
      return Math.hypot(beside, Math.max(b.top - a.bottom, 0));
    }))"""
    assert await desk.says(apart) <= 16


# ---- the greeting


def answered(desk: Desk, seconds: float, words: int) -> p.Call:
    view = desk.stage.view("c1")
    return p.Call(replace(view, answered_at=sample_views.ago(seconds), since=sample_views.ago(seconds)))


@pytest.mark.parametrize(
    "words, seconds, acted, how",
    [
        (17, 0, True, "full"),
        (17, 4, True, "full"),
        (17, 60, False, "line"),
        (17, 7.5, True, "line"),
        (40, 10, True, "full"),
        (40, 60, True, "line"),
        (2, 1, True, "full"),
    ],
)
async def test_the_greeting_folds_once_there_was_time_to_say_it(
    open_desk: OpenDesk, words: int, seconds: float, acted: bool, how: str
) -> None:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(greeting=" ".join(["Guten"] * words)))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    if acted:
        await desk.press("/")
    await desk.stage.emit(answered(desk, seconds, words))
    await desk.sees(f"desk-speech[data-as={how}]")


async def test_while_the_phone_rings_no_key_folds_the_greeting(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ringing(desk.stage)
    await desk.sees("#desk[data-phase=offered]")
    await desk.press("/", "Escape", "f", "Escape", "g")
    await desk.sees("desk-speech[data-as=full] .say", sample_views.GREETING)


async def test_a_folded_greeting_is_opened_by_key_and_by_mouse(open_desk: OpenDesk) -> None:
    desk = await settled(open_desk, SMALL)
    await desk.sees("desk-speech[data-as=line]")
    await desk.press("g")
    await desk.sees("desk-speech[data-as=full] .say", sample_views.GREETING)
    await desk.page.click(".turn")
    await desk.sees("desk-speech[data-as=line]")


# ---- what must stay where it is

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter"  # 68 letters, no place to break
DOUBLE = "Anna-Katharina Freifrau von der Mühlenberg-Hohenstein-Wittgenstein-Berleburg"


def called(name: str) -> p.ScreenPop:
    """Everything and everybody has this name."""
    people = [
        replace(one, name=name, position=name, tries=["beispiel", "mueller"]) for one in sample_views.STAFF
    ] + sample_views.many(54)
    return sample_views.mustermann(
        company=replace(sample_views.MUSTERMANN, name=name, spoken_name=f"{name} gesprochen"),
        caller=replace(sample_views.MUELLER, name=name, company=name, vip_info=name),
        employees=people,
        instruction=name,
        news=[name],
    )


SIDEWAYS = """[...document.querySelectorAll(
    "html, #centre, .side, .note, .note-form, .foot, .employees, desk-waiting ul"
  )].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.localName)"""
PLACES = """[".company", "desk-caller", "desk-employees .find", ".employees", ".call-foot > desk-dock .find"]
  .map((one) => document.querySelector(one).getBoundingClientRect()).map(({ left, top }) => [left, top])"""


@pytest.mark.parametrize("name", [LONG, DOUBLE], ids=["one word", "hyphens"])
@pytest.mark.parametrize("viewport", [SMALL, LOW, WIDE, PHONE])
async def test_long_names_make_nothing_scroll_sideways(
    open_desk: OpenDesk, viewport: tuple[int, int], name: str
) -> None:
    desk = await open_desk(viewport=size(viewport))
    waits = [p.WaitingView(f"w{n}", name, n, n == 1, sample_views.ago(70 * n)) for n in range(4)]
    await desk.stage.emit(p.Waiting(waits))
    await desk.stage.emit(p.Notes([replace(sample_views.NOTES[0], company=name, to=name, caller=name)]))
    await desk.stage.offer(called(name))
    await desk.stage.talk("c1")
    for step in ("ringing", "consulting"):
        await desk.stage.through("c1", step, "beispiel")
        await desk.sees(f".bar[data-step={step}]")
        assert await desk.says(SIDEWAYS) == []
    await desk.stage.joined("c1")
    await desk.sees("#desk[data-phase=joined]")
    assert await desk.says(SIDEWAYS) == []


@pytest.mark.parametrize("name", [LONG, DOUBLE, "Erika Beispiel"])
async def test_nothing_jumps_on_the_way_through_a_put_through(open_desk: OpenDesk, name: str) -> None:
    desk = await open_desk()
    await desk.stage.offer(called(name))
    await desk.stage.talk("c1")
    await desk.stage.emit(p.Call(replace(desk.stage.view("c1"), answered_at=sample_views.ago(60))))
    await desk.sees("desk-speech[data-as=line]")
    before = await desk.says(PLACES)
    await desk.press("1")
    await desk.sees(".steps li")
    assert await desk.says(PLACES) == before
    for step in ("ringing", "answered", "consulting", "returning"):
        await desk.stage.through("c1", step, "beispiel", mode="hold")
        await desk.sees(f".bar[data-step={step}]")
        assert await desk.says(PLACES) == before, step
        assert await desk.says("document.getElementById('centre').scrollTop") == 0


@pytest.mark.parametrize("viewport", [SMALL, LOW, (1366, 650), (1280, 560), PHONE])
@pytest.mark.parametrize("name", ["Mustermann AG", LONG])
async def test_searching_leaves_the_company_in_sight(
    open_desk: OpenDesk, viewport: tuple[int, int], name: str
) -> None:
    desk = await open_desk(viewport=size(viewport))
    company = replace(sample_views.MUSTERMANN, name=name)
    await desk.stage.offer(sample_views.mustermann(company=company, employees=sample_views.many(61)))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("/")
    await desk.type("mueller")
    await desk.sees(".find", "von 61")
    for seen in (".company-name", "desk-employees input", ".employee"):
        await desk.becomes(f"({WHOLE})(document.querySelector({seen!r}))")


SHIFTS = """
window.shifts = [];
const MOVES = ".chip, .company-state, .foot";
new PerformanceObserver((list) => list.getEntries().forEach((one) => window.shifts.push(
  // Another word has another width, other keys apply, and what is gone has not moved.
  ...one.sources.filter(({ node }) => node?.isConnected)
    .map(({ node, previousRect: a, currentRect: b }) => [node.closest ? node : node.parentElement, a, b])
    .filter(([node]) => !node.closest(MOVES))
    .map(([node, a, b]) => `${node.className || node.localName}: ${[a.x, a.y, b.x, b.y]}`))
)).observe({ type: "layout-shift" });
"""


async def test_the_pop_stands_still_from_its_first_frame_to_the_first_word(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.says(SHIFTS)
    await scenes.ringing(desk.stage)
    await desk.sees("#desk[data-phase=offered]")
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    await desk.sees(".plausible")
    await desk.says("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert await desk.says("window.shifts") == []
