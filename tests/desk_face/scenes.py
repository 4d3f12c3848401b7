"""Every state of the desk as a short story, for screenshots, for axe, and for looking at by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.desk_face import sample_views
from tests.desk_face.played_server import PlayedServer

BUSY = p.TriedView("beispiel", "Erika Beispiel", "busy")
SILENT = p.TriedView("mueller", "Jürgen Müller", "no_answer")


async def idle(stage: PlayedServer) -> None:
    """Nothing to do."""


async def paused(stage: PlayedServer) -> None:
    await stage.emit(p.Me(p.AgentView("paused", "lunch", sample_views.ago(95))))


async def ringing(stage: PlayedServer) -> None:
    await stage.offer(sample_views.mustermann(), sample_views.EARLIER)


async def talking(stage: PlayedServer) -> None:
    await ringing(stage)
    await stage.talk("c1")


async def dialling(stage: PlayedServer) -> None:
    await talking(stage)
    await stage.through("c1", "ringing", "beispiel", mode="hold")


async def deputy(stage: PlayedServer) -> None:
    await dialling(stage)
    await stage.through("c1", "ringing", "mueller", tried=(BUSY,))


async def consulting(stage: PlayedServer) -> None:
    await deputy(stage)
    await stage.through("c1", "consulting")


async def back(stage: PlayedServer) -> None:
    await talking(stage)
    await stage.talk("c1", [BUSY, SILENT])


async def joined(stage: PlayedServer) -> None:
    await consulting(stage)
    await stage.joined("c1")


async def ended(stage: PlayedServer) -> None:
    await talking(stage)
    await stage.end("c1")


async def practice(stage: PlayedServer) -> None:
    await stage.offer(sample_views.praxis())
    await stage.talk("c2")


async def pbx_gone(stage: PlayedServer) -> None:
    await talking(stage)
    await stage.emit(p.Call(replace(stage.view("c1"), may=["save_draft", "save_note"])))
    await stage.emit(p.Link(p.LinkView("down", "no answer", sample_views.now(), "up", "down")))


async def crowd(stage: PlayedServer) -> None:
    company = replace(
        sample_views.MUSTERMANN,
        name="Mühlenberg-Hohensteinische Versorgungsgesellschaft mbH & Co. KG",
    )
    pop = sample_views.mustermann(employees=sample_views.many(), company=company, news=[])
    await stage.offer(pop, sample_views.EARLIER)
    await stage.talk("c1")


async def settled(stage: PlayedServer) -> None:
    """A minute into the call; a company of 61, who are all on the page."""
    await stage.offer(sample_views.mustermann(employees=sample_views.many(61)), sample_views.EARLIER)
    await stage.talk("c1")
    await stage.emit(
        p.Call(replace(stage.view("c1"), since=sample_views.ago(60), answered_at=sample_views.ago(60)))
    )


async def rush(stage: PlayedServer) -> None:
    """Many wait, some of them much too long."""
    await settled(stage)
    await stage.emit(p.Waiting(sample_views.waiting(26)))


async def correcting(stage: PlayedServer) -> None:
    """A saved note lies open again."""
    await stage.lay_open("n1")


async def promised(stage: PlayedServer) -> None:
    """A call-back time that the service has understood, and a number that nobody can call."""
    await ended(stage)
    body = p.NoteBody("Hans Müller", callback="0171", callback_by="morgen 14 Uhr", concern="Angebot")
    await stage.emit(p.Draft(p.DraftView("c1", 3, body)))


async def pest(stage: PlayedServer) -> None:
    """Somebody who was closed as advertising before."""
    caller = p.CallerView("unknown", "+493023125088", "030 23125088")
    again = p.EarlierCallView(sample_views.ago(86400), "", "Ben Vogt", reason="advertising")
    await stage.offer(sample_views.mustermann(caller=caller), [again])
    await stage.talk("c1")


OFFER = p.BlockView("c1", "Mustermann AG", "+49 30 23125088", "offered")


async def advertised(stage: PlayedServer) -> None:
    """A call was closed as advertising: here is the question whether it may come again."""
    await stage.emit(p.Block(OFFER))


async def blocked(stage: PlayedServer) -> None:
    """No, and the way back."""
    await stage.emit(p.Block(replace(OFFER, state="blocked")))


async def not_blocked(stage: PlayedServer) -> None:
    """This one has to get through, and the next call rings."""
    refused = replace(OFFER, state="refused", code="block_vip", params={"name": "Hans Müller"})
    await stage.emit(p.Block(refused))
    await stage.offer(sample_views.praxis())


async def beside(stage: PlayedServer) -> None:
    """A note still to be written, and the next call rings."""
    await ended(stage)
    await stage.offer(sample_views.praxis())


SCENES: dict[str, Callable[[PlayedServer], Awaitable[None]]] = {
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
