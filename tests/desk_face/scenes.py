"""Every state of the desk as a short story, for screenshots, for axe, and for looking at by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.desk_face import cast
from tests.desk_face.stage import Stage

BUSY = p.TriedView("beispiel", "Erika Beispiel", "busy")
SILENT = p.TriedView("mueller", "Jürgen Müller", "no_answer")


async def idle(stage: Stage) -> None:
    """Nothing to do."""


async def paused(stage: Stage) -> None:
    await stage.emit(p.Me(p.AgentView("paused", "lunch", cast.ago(95))))


async def ringing(stage: Stage) -> None:
    await stage.offer(cast.mustermann(), cast.EARLIER)


async def talking(stage: Stage) -> None:
    await ringing(stage)
    await stage.talk("c1")


async def dialling(stage: Stage) -> None:
    await talking(stage)
    await stage.through("c1", "ringing", "beispiel", mode="hold")


async def deputy(stage: Stage) -> None:
    await dialling(stage)
    await stage.through("c1", "ringing", "mueller", tried=(BUSY,))


async def consulting(stage: Stage) -> None:
    await deputy(stage)
    await stage.through("c1", "consulting")


async def back(stage: Stage) -> None:
    await talking(stage)
    await stage.talk("c1", [BUSY, SILENT])


async def joined(stage: Stage) -> None:
    await consulting(stage)
    await stage.joined("c1")


async def ended(stage: Stage) -> None:
    await talking(stage)
    await stage.end("c1")


async def practice(stage: Stage) -> None:
    await stage.offer(cast.praxis())
    await stage.talk("c2")


async def pbx_gone(stage: Stage) -> None:
    await talking(stage)
    await stage.emit(p.Call(replace(stage.view("c1"), may=["save_draft", "save_note"])))
    await stage.emit(p.Link(p.LinkView("down", "no answer", cast.now(), "up", "down")))


async def crowd(stage: Stage) -> None:
    company = replace(
        cast.MUSTERMANN,
        name="Mühlenberg-Hohensteinische Versorgungsgesellschaft mbH & Co. KG",
    )
    pop = cast.mustermann(employees=cast.many(), company=company, news=[])
    await stage.offer(pop, cast.EARLIER)
    await stage.talk("c1")


async def settled(stage: Stage) -> None:
    """A minute into the call; a company of 61, who are all on the page."""
    await stage.offer(cast.mustermann(employees=cast.many(61)), cast.EARLIER)
    await stage.talk("c1")
    await stage.emit(p.Call(replace(stage.view("c1"), since=cast.ago(60), answered_at=cast.ago(60))))


async def rush(stage: Stage) -> None:
    """Many wait, some of them much too long."""
    await settled(stage)
    await stage.emit(p.Waiting(cast.waiting(26)))


async def correcting(stage: Stage) -> None:
    """A saved note lies open again."""
    await stage.lay_open("n1")


async def promised(stage: Stage) -> None:
    """A call-back time that the service has understood, and a number that nobody can call."""
    await ended(stage)
    body = p.NoteBody("Hans Müller", callback="0171", callback_by="morgen 14 Uhr", concern="Angebot")
    await stage.emit(p.Draft(p.DraftView("c1", 3, body)))


async def pest(stage: Stage) -> None:
    """Somebody who was closed as advertising before."""
    caller = p.CallerView("unknown", "+493023125088", "030 23125088")
    again = p.EarlierCallView(cast.ago(86400), "", "Ben Vogt", reason="advertising")
    await stage.offer(cast.mustermann(caller=caller), [again])
    await stage.talk("c1")


OFFER = p.BlockView("c1", "Mustermann AG", "+49 30 23125088", "offered")


async def advertised(stage: Stage) -> None:
    """A call was closed as advertising: here is the question whether it may come again."""
    await stage.emit(p.Block(OFFER))


async def blocked(stage: Stage) -> None:
    """No, and the way back."""
    await stage.emit(p.Block(replace(OFFER, state="blocked")))


async def not_blocked(stage: Stage) -> None:
    """This one has to get through, and the next call rings."""
    refused = replace(OFFER, state="refused", code="block_vip", params={"name": "Hans Müller"})
    await stage.emit(p.Block(refused))
    await stage.offer(cast.praxis())


async def beside(stage: Stage) -> None:
    """A note still to be written, and the next call rings."""
    await ended(stage)
    await stage.offer(cast.praxis())


SCENES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    scene.__name__: scene
    for scene in (
        idle,
        paused,
        ringing,
        talking,
        dialling,
        deputy,
        consulting,
        back,
        joined,
        ended,
        practice,
        pbx_gone,
        crowd,
        settled,
        rush,
        beside,
        correcting,
        promised,
        pest,
        advertised,
        blocked,
        not_blocked,
    )
}
