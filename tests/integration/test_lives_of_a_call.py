"""An answered call always takes its note, and each word typed is stored or on the screen: whatever happens to
the call, to us, and to whom it names. Each life is a line of words (`tests.lives`)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest

from pbx_bridge.storage.db.engine import Database
from tests.desk_world import World
from tests.lives import Life
from tests.sample_company import furnish

LIVES = {
    "they talk": "ring:anna type save end",
    "the agent hangs up": "ring:anna type leave save",
    "saved while they talk, corrected, and over": "ring:anna type save type save end",
    "saved while they talk, typed on, and over": "ring:anna type save type end save",
    "held, and the caller leaves": "ring:anna hold type end save",
    "falls back from hold and gives up": "ring:anna type hold leave type end save",
    "falls back from hold, saved while it waits": "ring:anna hold type leave save end",
    "falls back, rings at a colleague in vain":
        "ring:anna type hold leave offer:ben silence:ben end save",
    "falls back, rings at the same in vain":
        "ring:anna type hold leave offer:anna silence:anna type end save",
    "falls back, the colleague answers": "ring:anna type hold leave ring:ben type end save",
    "falls back, the same answers": "ring:anna type hold leave ring:anna type end save",
    "noted, falls back, gives up": "ring:anna hold type save leave end",
    "noted, falls back, the colleague answers": "ring:anna hold type save leave ring:ben type end save",
    "noted, falls back, the same answers": "ring:anna hold type save leave ring:anna type end save",
    "noted, falls back, rings at the same in vain, gives up":
        "ring:anna hold type save leave offer:anna silence:anna end",
    "noted and typed on, falls back, the same answers":
        "ring:anna hold type save type leave ring:anna type end save",
    "noted while it rings at the colleague":
        "ring:anna hold type leave offer:ben save answer:ben type end save",
    "three conversations":
        "ring:anna type hold save leave ring:ben type hold save leave ring:anna type save end",
    "asked, and the caller leaves": "ring:anna ask type end over save",
    "asked, noted, and they talk on": "ring:anna ask type end save over",
    "asked, and the agent hangs up": "ring:anna type ask leave end save",
    "asked, the agent hangs up, answered again": "ring:anna type ask leave ring:ben type save end",
    "put through": "ring:anna type ask connect end save",
    "put through, noted before it ends": "ring:anna ask type connect save end",
    "noted while asking, put through": "ring:anna ask type save connect end",
    "given back at once, gives up": "ring:anna type ask connect back end save",
    "noted, given back, the colleague answers":
        "ring:anna ask type save connect back ring:ben type end save",
    "noted, given back, the same answers":
        "ring:anna ask type save connect back ring:anna type end save",
    "noted, given back, the same answers, the employee's leg ends late":
        "ring:anna ask type save connect back_early offer:anna gone:anna answer:anna type end save",
    "given back, the colleague puts through":
        "ring:anna type ask connect back ring:ben ask type connect end save",
}  # fmt: skip


@contextlib.asynccontextmanager
async def life_in(url: str) -> AsyncIterator[Life]:
    db = Database(url)
    house = await furnish(db)
    await db.close()
    life = Life(url, house, World())
    await life.begin()
    try:
        yield life
    finally:
        await life.end()


@pytest.mark.parametrize("name", LIVES)
async def test_every_conversation_gets_its_note(sqlite_url: str, name: str) -> None:
    async with life_in(sqlite_url) as life:
        await life.live(LIVES[name])
        await life.is_well()


DEATHS = [
    (name, place)
    for name in ("saved while they talk, typed on, and over", "falls back from hold and gives up",
                 "noted, falls back, the colleague answers",
                 "noted and typed on, falls back, the same answers",
                 "asked, noted, and they talk on", "noted while asking, put through",
                 "noted, given back, the colleague answers")
    for place in range(len(LIVES[name].split()))
]  # fmt: skip


@pytest.mark.parametrize(("name", "place"), DEATHS)
async def test_a_death_after_any_word_changes_nothing(sqlite_url: str, name: str, place: int) -> None:
    """Every second one is an orderly restart; a death loses what the journal has not stored yet."""
    async with life_in(sqlite_url) as life:
        await life.live(LIVES[name], strike_after=place, strike="kill" if place % 2 else "restart")
        await life.is_well()


STRUCK = (
    "they talk",
    "falls back, the colleague answers",
    "put through",
    "noted, given back, the same answers",
)
STRIKES = (
    "lose_the_row", "employee_leaves", "employee_leaves_unheard", "company_leaves", "company_leaves_unheard",
    "agents_leave_unheard", "line_leaves", "field_leaves",
)  # fmt: skip
LOSSES = [(name, strike) for name in STRUCK for strike in STRIKES]


@pytest.mark.parametrize(("name", "strike"), LOSSES)
async def test_whoever_is_deleted_meanwhile_keeps_no_note_from_being_saved(
    sqlite_url: str, name: str, strike: str
) -> None:
    async with life_in(sqlite_url) as life:
        await life.live(LIVES[name], strike_after=last_deed(name), strike=strike)
        await life.is_well()


def last_deed(name: str) -> int:
    """Where somebody is rung, or something typed, for the last time."""
    words = LIVES[name].split()
    return max([0, *(place for place, word in enumerate(words) if word in {"ask", "connect", "type"})])


ON_POSTGRESQL = [
    *((name, -1, "") for name in ("saved while they talk, typed on, and over", "three conversations",
                                  "falls back, rings at a colleague in vain",
                                  "given back, the colleague puts through")),
    *((name, place, "kill" if place % 2 else "restart") for name, place in DEATHS[3::9]),
    *((name, last_deed(name), strike) for name, strike in zip(STRUCK * 2, STRIKES, strict=True)),
]  # fmt: skip
"""Some of each kind: every word, every strike."""


@pytest.mark.postgres
@pytest.mark.parametrize(("name", "place", "strike"), ON_POSTGRESQL)
async def test_the_same_on_postgresql(postgres_url: str, name: str, place: int, strike: str) -> None:
    async with life_in(postgres_url) as life:
        await life.live(LIVES[name], strike_after=place, strike=strike)
        await life.is_well()
