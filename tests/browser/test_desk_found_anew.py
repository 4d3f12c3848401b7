"""Of a company that is bigger than a pop: whoever was found stays as true as those whom the pop brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import chain

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.projection import find_open_call
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views
from tests.desk_face.played_server import PlayedServer
from tests.until import until

pytestmark = pytest.mark.browser

PEOPLE = sample_views.many(300)


def renamed(by: str) -> list[p.EmployeeView]:
    """Everybody is called otherwise now."""
    return [replace(one, name=f"{one.name} ({by})") for one in PEOPLE]


LAST = PEOPLE[299]
POP = sample_views.mustermann(employees=PEOPLE[:50], employees_total=300, edition="7")
INPUT = "desk-employees input"


async def talking(open_desk: OpenDesk) -> Desk:
    """With a caller of a company of 300."""
    desk = await open_desk()
    desk.stage.everybody = PEOPLE
    await desk.stage.offer(POP)
    await desk.stage.talk(POP.call)
    await desk.sees("desk-employees .find", "die ersten 50 von 300")
    return desk


async def told(stage: PlayedServer) -> None:
    """In the pop itself nothing is different."""
    await stage.emit(p.PopChanged(replace(POP, edition="8")))


async def told_of_others(stage: PlayedServer) -> None:
    """Without the pop, which is as it was."""
    await stage.emit(p.OthersChanged(POP.call, "9"))


async def offered_once_more(stage: PlayedServer) -> None:
    found = find_open_call(stage.picture, POP.call)
    assert found
    await stage.emit(p.Offer(replace(POP, edition="8"), found.view, found.draft, found.earlier))


async def restarted(stage: PlayedServer) -> None:
    """Whatever happened meanwhile is in the snapshot, and no event tells it."""
    stage.epoch = "e2"
    await stage.drop()


WAYS: tuple[Callable[[PlayedServer], Awaitable[None]], ...] = (
    told,
    told_of_others,
    offered_once_more,
    restarted,
)


async def named(desk: Desk, *people: p.EmployeeView) -> None:
    """Another tab writes to these people, and the page finds out what they are called."""
    body = p.NoteBody(recipients=[one.id for one in people])
    await desk.stage.emit(p.Draft(p.DraftView(POP.call, 7, body)))
    await become(desk, *people)


async def become(desk: Desk, *people: p.EmployeeView) -> None:
    """The recipients are called so."""
    names = [one.name for one in people]
    chips = "[...document.querySelectorAll('.recipient')]"
    await desk.becomes(f"{names!r}.every((name) => {chips}.some((one) => one.textContent.includes(name)))")


async def test_whatever_brings_a_pop_the_search_is_done_again(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.page.fill(INPUT, "jörg weiß 3")
    await desk.sees(".employee .person", LAST.name)
    for comes in WAYS:
        desk.stage.everybody = renamed(comes.__name__)
        await comes(desk.stage)
        await desk.sees(".employee .person", desk.stage.everybody[299].name)


async def test_however_many_were_found_they_are_asked_for_again_fifty_in_a_turn(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    many = slice(100, 230)
    await named(desk, *PEOPLE[many])
    for comes in WAYS:
        desk.stage.everybody = renamed(comes.__name__)
        before = len(desk.stage.sent(p.Find))
        await comes(desk.stage)
        await become(desk, *desk.stage.everybody[many])
        asked = [one.ids for one in desk.stage.sent(p.Find)]
        assert max(map(len, asked)) <= 50
        assert sorted(chain(*asked[before:])) == sorted(one.id for one in PEOPLE[many]), "each once"


async def test_an_answer_that_was_on_its_way_is_of_before(open_desk: OpenDesk) -> None:
    """A search, and somebody who is named."""
    desk = await talking(open_desk)
    desk.stage.gate.clear()
    body = p.NoteBody(recipients=["e280"])
    await desk.stage.emit(p.Draft(p.DraftView(POP.call, 7, body)))
    await desk.page.fill(INPUT, "jörg weiß 3")
    await until(lambda: len(desk.stage.sent(p.Find)) == 2)
    await told(desk.stage)
    for find in desk.stage.sent(p.Find):
        of_before = [PEOPLE[280]] if find.ids else [LAST]
        await desk.stage.say(p.Answer(find.id, ok=True, employees=of_before, total=1))
    desk.stage.everybody = anew = renamed("neu")
    desk.stage.gate.set()
    await desk.sees(".employee .person", anew[299].name)
    await become(desk, anew[280])


async def test_a_cut_before_the_answer_leaves_nobody_as_they_were(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await named(desk, PEOPLE[280])
    desk.stage.gate.clear()
    asked = len(desk.stage.sent(p.Find))
    await told(desk.stage)
    await until(lambda: len(desk.stage.sent(p.Find)) > asked)
    desk.stage.finding[-1].cancel()
    await desk.stage.drop()
    desk.stage.everybody = renamed("neu")
    desk.stage.gate.set()
    await become(desk, desk.stage.everybody[280])


async def test_whoever_works_there_no_longer_is_not_rung(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.page.fill(INPUT, "jörg weiß 3")
    await desk.sees(".employee .person", LAST.name)
    await desk.press("Enter")
    await desk.sees("[data-act=ring]")
    desk.stage.everybody = PEOPLE[:299]
    await told(desk.stage)
    await desk.gone("[data-act=ring]")
    await desk.gone(".employee")
