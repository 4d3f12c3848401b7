"""The desk in a language that is only catalogues: on no screen do its scripts add a word of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.third_language import CODE, OPENS, bare, in_french

pytestmark = pytest.mark.browser
READ = """() => [document.body.innerText, ...[...document.querySelectorAll("*")].flatMap((node) =>
  ["title", "placeholder", "aria-label", "alt"].map((name) => node.getAttribute(name)))]
  .filter((text) => text).join("\\n")"""
WORD = re.compile(r"[^\W\d_]{2,}")
OWN = frozenset({"et", "anna", "keller"})
"""The conjunction of a list, which is the browser's, and French; and whose desk it is."""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with in_french(tmp_path, monkeypatch):
        yield


def strings(value: Any) -> Iterator[str]:
    """All texts of a picture: what callers, companies and agents have said, or are called."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


async def unmarked(desk: Desk) -> set[str]:
    """Words on the screen that are neither the catalogue's nor anybody's own."""
    shown = await desk.page.evaluate(READ)
    data = " ".join(strings(msgspec.to_builtins(desk.stage.picture)))
    own = {*WORD.findall(data.casefold()), *OWN}
    assert OPENS in shown
    return {word for line in bare(shown) for word in WORD.findall(line) if word.casefold() not in own}


async def test_nothing_else_is_on_the_screen(french: None, open_desk: OpenDesk) -> None:
    desk, wrong = await open_desk(locale=CODE, reduced_motion="reduce"), dict[str, set[str]]()
    for name, scene in scenes.SCENES.items():
        desk.stage.picture = sample_views.quiet()
        await scene(desk.stage)
        await desk.page.reload()
        await desk.sees("#desk[data-connection=up]")
        await desk.sees("#call" if desk.stage.picture.calls else "desk-idle")
        wrong[name] = await unmarked(desk)
    await desk.press("?")
    await desk.sees("#sheet[open]")
    wrong["sheet"] = await unmarked(desk)
    assert {name: words for name, words in wrong.items() if words} == {}
