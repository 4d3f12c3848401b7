"""Text blocks: what agents may put into a note by one key, in the order in which they see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.forms import Form, sent, shown
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import text_blocks
from pbx_bridge.storage.ids import new_id
from rules.fault import Fault
from rules.model import Customer, TextBlock
from rules.text_blocks import LONGEST, MOST, filled, unknown_gaps

PATH = "/portal/textbausteine"
REACH = undo.Reach(text_blocks=True)
SAMPLE = {"anrufer": "Hans Müller", "nummer": "+49 171 3920042", "mitarbeiter": "Erika Beispiel"}
"""The call by which the page shows what becomes of a block."""


async def show(visit: Visit) -> web.StreamResponse:
    """All of them, each as it reads once a call has filled it."""
    customer = await visit.customer()
    read = {one.id: filled(one.text, SAMPLE) for one in customer.text_blocks}
    return visit.page("text_blocks.html", customer=customer, read=read)


async def new(visit: Visit) -> web.StreamResponse:
    return _page(visit, shown(dict.fromkeys(LONGEST, "")))


async def add(visit: Visit) -> web.StreamResponse:
    """A new block comes last."""
    posted = await visit.posted()
    async with visit.changing("text_block_added", reach=REACH) as change:
        form = sent(posted, dict.fromkeys(LONGEST, ""))
        full = len(change.customer.text_blocks) >= MOST
        too_many = [Fault("name", "text_block_full", {"max": str(MOST)})] if full else []
        form = form.with_faults([*faults_of(form), *too_many])
        if form.faults:
            return _page(visit, replace(form, theirs={}))
        blocks = change.customer.text_blocks
        block = TextBlock(new_id(), **_stripped(form))
        await text_blocks.store(change.conn, change.customer.id, blocks, [*blocks, block])
    return visit.done(PATH, change)


async def show_one(visit: Visit) -> web.StreamResponse:
    stored = _own_block(visit, await visit.customer())
    return _page(visit, shown(texts_of(stored)), stored)


async def save(visit: Visit) -> web.StreamResponse:
    """Store what changed."""
    posted = await visit.posted()
    async with visit.changing("text_block_saved", reach=REACH) as change:
        stored = _own_block(visit, change.customer)
        form = sent(posted, texts_of(stored))
        form = form.with_faults(faults_of(form))
        if not form.ready:
            return _page(visit, form, stored)
        blocks = change.customer.text_blocks
        block = TextBlock(stored.id, **_stripped(form))
        after = [block if one.id == block.id else one for one in blocks]
        await text_blocks.store(change.conn, change.customer.id, blocks, after)
    return visit.done(PATH, change)


async def delete(visit: Visit) -> web.StreamResponse:
    """It goes; the flash brings it back to its place."""
    async with visit.changing("text_block_deleted", reach=REACH) as change:
        stored, blocks = _own_block(visit, change.customer), change.customer.text_blocks
        after = [one for one in blocks if one.id != stored.id]
        await text_blocks.store(change.conn, change.customer.id, blocks, after)
    return visit.done(PATH, change)


async def move(visit: Visit) -> web.StreamResponse:
    """One place `up` or down: the buttons, without scripts."""
    posted = await visit.posted()
    async with visit.changing("text_block_moved", reach=REACH) as change:
        stored, blocks = _own_block(visit, change.customer), list(change.customer.text_blocks)
        at = blocks.index(stored)
        to = max(0, at - 1) if posted["direction"] == "up" else at + 1
        blocks.insert(to, blocks.pop(at))
        await text_blocks.store(change.conn, change.customer.id, change.customer.text_blocks, blocks)
    return visit.done(PATH, change)


async def put_in_order(visit: Visit) -> web.StreamResponse:
    """The list anew, `order`: ids with commas; `done` is False when the list is another by now."""
    order = (await visit.posted())["order"].split(",")
    async with visit.changing("text_block_moved", reach=REACH) as change:
        before = change.customer.text_blocks
        blocks = {one.id: one for one in before}
        done = sorted(order) == sorted(blocks)
        if done:
            await text_blocks.store(change.conn, change.customer.id, before, [blocks[one] for one in order])
    return web.json_response({"done": done})


def texts_of(block: TextBlock) -> dict[str, str]:
    return {"name": block.name, "text": block.text}


def faults_of(form: Form) -> Iterator[Fault]:
    for name, text in _stripped(form).items():
        if not text:
            yield Fault(name, "required")
        elif len(text) > LONGEST[name]:
            yield Fault(name, "too_long", {"max": str(LONGEST[name]), "length": str(len(text))})
    if gap := next(unknown_gaps(form.values["text"]), ""):
        yield Fault("text", "text_block_gap", {"found": gap})


def _stripped(form: Form) -> dict[str, str]:
    return {name: text.strip() for name, text in form.values.items()}


def _own_block(visit: Visit, customer: Customer) -> TextBlock:
    wanted = visit.request.match_info["entry"]
    found = next((one for one in customer.text_blocks if one.id == wanted), None)
    if found is None:
        raise NotFoundError
    return found


def _page(visit: Visit, form: Form, stored: TextBlock | None = None) -> web.Response:
    return visit.page("text_block.html", status=200 if form.ready else 422, form=form, stored=stored)


ROUTES = (
    Route("portal.text_blocks", "GET", PATH, show),
    Route("portal.text_blocks.new", "GET", f"{PATH}/neu", new),
    Route("portal.text_blocks.new", "POST", f"{PATH}/neu", add),
    Route("portal.text_blocks.order", "POST", f"{PATH}/ordnung", put_in_order),
    Route("portal.text_blocks.one", "GET", f"{PATH}/{{entry}}", show_one),
    Route("portal.text_blocks.one", "POST", f"{PATH}/{{entry}}", save),
    Route("portal.text_blocks.delete", "POST", f"{PATH}/{{entry}}/loeschen", delete),
    Route("portal.text_blocks.move", "POST", f"{PATH}/{{entry}}/verschieben", move),
)
