"""FAQ: what callers often ask and what we may answer, in the order in which agents see it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.forms import Form, sent, shown
from pbx_bridge.portal.lists import part
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import faq
from pbx_bridge.storage.ids import new_id
from pbx_bridge.turns import gently
from rules.directory import parts_of, words_of
from rules.fault import Fault
from rules.model import Customer, FaqEntry

PATH = "/portal/faq"
LONGEST = {"question": 300, "answer": 2000}
ROWS = 50
MOST = 1_000
"""More answers nobody finds while a caller waits."""
REACH = undo.Reach(faq=True)


async def show(visit: Visit) -> web.StreamResponse:
    """All of it, or what fits `q`; only the whole list can be put in order."""
    customer, asked = await visit.customer(), visit.request.query
    query, parts = asked.get("q", "").strip()[:100], parts_of(asked.get("q", ""))
    found = [one async for one in gently(customer.faq) if _fits(one, parts)]
    listed = part(found, asked.get("page", "1"), ROWS)
    return visit.page(
        "faq.html", customer=customer, query=query, listed=listed, begins=(listed.page - 1) * ROWS
    )


def _fits(one: FaqEntry, parts: Collection[str]) -> bool:
    words = words_of(one.question, one.answer) if parts else ""
    return all(wanted in words for wanted in parts)


async def new(visit: Visit) -> web.StreamResponse:
    return _page(visit, shown(dict.fromkeys(LONGEST, "")))


async def add(visit: Visit) -> web.StreamResponse:
    """A new entry comes last."""
    posted = await visit.posted()
    async with visit.changing("faq_added", reach=REACH) as change:
        form = sent(posted, dict.fromkeys(LONGEST, ""))
        full = len(change.customer.faq) >= MOST
        too_many = [Fault("question", "faq_full", {"max": str(MOST)})] if full else []
        form = form.with_faults([*faults_of(form), *too_many])
        if form.faults:
            return _page(visit, replace(form, theirs={}))
        entries = change.customer.faq
        entry = FaqEntry(new_id(), **_stripped(form))
        await faq.store(change.conn, change.customer.id, entries, [*entries, entry])
    return visit.done(PATH, change)


async def show_one(visit: Visit) -> web.StreamResponse:
    stored = _own_entry(visit, await visit.customer())
    return _page(visit, shown(texts_of(stored)), stored)


async def save(visit: Visit) -> web.StreamResponse:
    """Store what changed."""
    posted = await visit.posted()
    async with visit.changing("faq_saved", reach=REACH) as change:
        stored = _own_entry(visit, change.customer)
        form = sent(posted, texts_of(stored))
        form = form.with_faults(faults_of(form))
        if not form.ready:
            return _page(visit, form, stored)
        entries = change.customer.faq
        entry = FaqEntry(stored.id, **_stripped(form))
        after = [entry if one.id == entry.id else one for one in entries]
        await faq.store(change.conn, change.customer.id, entries, after)
    return visit.done(PATH, change)


async def delete(visit: Visit) -> web.StreamResponse:
    """It goes; the flash brings it back to its place."""
    async with visit.changing("faq_deleted", reach=REACH) as change:
        stored, entries = _own_entry(visit, change.customer), change.customer.faq
        after = [one for one in entries if one.id != stored.id]
        await faq.store(change.conn, change.customer.id, entries, after)
    return visit.done(PATH, change)


async def move(visit: Visit) -> web.StreamResponse:
    """One place `up` or down: the buttons, without scripts."""
    posted = await visit.posted()
    async with visit.changing("faq_moved", reach=REACH) as change:
        stored, entries = _own_entry(visit, change.customer), list(change.customer.faq)
        at = entries.index(stored)
        to = max(0, at - 1) if posted["direction"] == "up" else at + 1
        entries.insert(to, entries.pop(at))
        await faq.store(change.conn, change.customer.id, change.customer.faq, entries)
    return visit.done(PATH, change)


async def put_in_order(visit: Visit) -> web.StreamResponse:
    """A page of the list anew, `order`: ids with commas; `done` is False when the list is another by now."""
    order = (await visit.posted())["order"].split(",")
    async with visit.changing("faq_moved", reach=REACH) as change:
        before = change.customer.faq
        wanted = frozenset(order)
        begins = next((place for place, one in enumerate(before) if one.id in wanted), 0) // ROWS * ROWS
        entries = {one.id: one for one in before[begins : begins + ROWS]}
        done = sorted(order) == sorted(entries)
        if done:
            after = [*before[:begins], *(entries[one] for one in order), *before[begins + ROWS :]]
            await faq.store(change.conn, change.customer.id, before, after)
    return web.json_response({"done": done})


def texts_of(entry: FaqEntry) -> dict[str, str]:
    return {"question": entry.question, "answer": entry.answer}


def faults_of(form: Form) -> Iterator[Fault]:
    for name, text in _stripped(form).items():
        if not text:
            yield Fault(name, "required")
        elif len(text) > LONGEST[name]:
            yield Fault(name, "too_long", {"max": str(LONGEST[name]), "length": str(len(text))})


def _stripped(form: Form) -> dict[str, str]:
    return {name: text.strip() for name, text in form.values.items()}


def _own_entry(visit: Visit, customer: Customer) -> FaqEntry:
    wanted = visit.request.match_info["entry"]
    found = next((one for one in customer.faq if one.id == wanted), None)
    if found is None:
        raise NotFoundError
    return found


def _page(visit: Visit, form: Form, stored: FaqEntry | None = None) -> web.Response:
    return visit.page("faq_entry.html", status=200 if form.ready else 422, form=form, stored=stored)


ROUTES = (
    Route("portal.faq", "GET", PATH, show),
    Route("portal.faq.new", "GET", f"{PATH}/neu", new),
    Route("portal.faq.new", "POST", f"{PATH}/neu", add),
    Route("portal.faq.order", "POST", f"{PATH}/ordnung", put_in_order),
    Route("portal.faq.one", "GET", f"{PATH}/{{entry}}", show_one),
    Route("portal.faq.one", "POST", f"{PATH}/{{entry}}", save),
    Route("portal.faq.delete", "POST", f"{PATH}/{{entry}}/loeschen", delete),
    Route("portal.faq.move", "POST", f"{PATH}/{{entry}}/verschieben", move),
)
