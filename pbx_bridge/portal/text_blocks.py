"""Text blocks: what agents may put into a note by one key, in the order in which they see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aiohttp import web

from pbx_bridge.portal.own_order import OwnOrder
from pbx_bridge.portal.visit import Visit
from pbx_bridge.storage import undo
from rules.fault import Fault
from rules.model import TextBlock
from rules.text_blocks import LONGEST, MOST, filled, unknown_gaps

SAMPLE = {"anrufer": "Hans Müller", "nummer": "+49 171 3920042", "mitarbeiter": "Erika Beispiel"}
"""The call by which the page shows what becomes of a block."""


async def show(visit: Visit) -> web.StreamResponse:
    """All of them, each as it reads once a call has filled it."""
    customer = await visit.customer()
    read = {one.id: filled(one.text, SAMPLE) for one in customer.text_blocks}
    return visit.page("text_blocks.html", customer=customer, read=read)


def gaps(values: Mapping[str, str]) -> Iterator[Fault]:
    """A gap that no call fills."""
    if gap := next(unknown_gaps(values["text"]), ""):
        yield Fault("text", "text_block_gap", {"found": gap})


TEXT_BLOCKS = OwnOrder(
    route="portal.text_blocks",
    path="/portal/textbausteine",
    deeds="text_block",
    template="text_block.html",
    reach=undo.Reach(text_blocks=True),
    longest=LONGEST,
    most=MOST,
    rows=MOST,
    of=lambda customer: customer.text_blocks,
    make=TextBlock,
    faults=gaps,
)
ROUTES = TEXT_BLOCKS.routes(show)
