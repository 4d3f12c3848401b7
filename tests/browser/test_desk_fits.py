"""Nothing is cut off, hidden or sticks out: every scene in its columns, long names, both languages."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.browser.conftest import OpenDesk
from tests.desk_face.scenes import SCENES

pytestmark = pytest.mark.browser

OUTSIDE = """() => {
  const found = [];
  for (const id of ["#centre", ".side", ".note", ".foot"]) {
    const column = document.querySelector(id);
    if (column.scrollWidth > column.clientWidth) found.push(`${id} is wider than its place`);
    const edge = column.getBoundingClientRect().right;
    for (const node of column.querySelectorAll("button, kbd, input, .chip, .person, .through")) {
      const box = node.getBoundingClientRect();
      const room = node.closest(".note-buttons, .note-form")?.getBoundingClientRect().right ?? edge;
      if (box.width && box.right > room + 0.5) found.push(`${id} ${node.localName}: ${node.textContent}`);
    }
  }
  for (const block of document.querySelectorAll("#call > :not(desk-dock)"))
    if (block.scrollHeight > block.clientHeight + 1) found.push(`${block.localName} runs into the next one`);
  return found;
}"""


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_every_scene_stays_in_its_columns(open_desk: OpenDesk, locale: Literal["de", "en"]) -> None:
    desk = await open_desk(locale)
    cut: dict[str, Any] = {}
    quiet = desk.stage.picture
    for name, scene in SCENES.items():
        desk.stage.picture = quiet
        await desk.stage.emit(quiet)
        await desk.sees("desk-idle")
        await scene(desk.stage)
        await desk.says("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        found = await desk.says(OUTSIDE)
        cut |= {name: found} if found else {}
    assert cut == {}


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("width", [1280, 1366, 390])
async def test_a_correction_that_is_typed_shows_how_to_save_it_and_how_to_drop_it(
    open_desk: OpenDesk, locale: Literal["de", "en"], width: int
) -> None:
    desk = await open_desk(locale, viewport={"width": width, "height": 844})
    await SCENES["correcting"](desk.stage)
    await desk.sees("#desk[data-correction]")
    await desk.press("n")
    await desk.type("Bitte zuerst im Lager")
    for leave in ("", "Escape"):
        if leave:
            await desk.press(leave)
        await desk.sees("[data-act=save]")
        await desk.sees("[data-act=put_away]")
        assert await desk.says(OUTSIDE) == []


IN_SIGHT = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return Boolean(at?.closest(selector));
}"""


async def test_on_a_low_window_a_search_shows_who_it_finds_and_then_the_keys(open_desk: OpenDesk) -> None:
    desk = await open_desk(viewport={"width": 1366, "height": 650})
    await SCENES["crowd"](desk.stage)
    await desk.sees("#desk[data-phase=talking]")

    async def in_sight(selector: str) -> None:
        await desk.becomes(f"({IN_SIGHT})({selector!r})")

    await desk.press("/")
    await desk.type("mueller")
    for selector in (".employee:nth-child(4)", ".company-name", "desk-employees input"):
        await in_sight(selector)
    await desk.press("Enter")
    for selector in (".speech-head", "[data-act=ring]"):
        await in_sight(selector)
    await desk.press("3")
    await desk.sees(".employee[aria-selected=true]", "Çağla")
    await in_sight("[data-act=ring]")
