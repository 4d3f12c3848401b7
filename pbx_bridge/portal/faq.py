"""FAQ: what callers often ask and what we may answer, in the order in which agents see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.forms import Form, sent, shown
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.editing import faq
from pbx_bridge.storage.ids import new_id
from rules.fault import Fault
from rules.model import Customer, FaqEntry
from rules.names import is_found

PATH = "/portal/faq"
LONGEST = {"question": 300, "answer": 2000}


async def show(visit: Visit) -> web.StreamResponse:
    """All of it, or what fits `q`; only the whole list can be put in order."""
    customer = await visit.customer()
    query = visit.request.query.get("q", "").strip()[:100]
    found = [one for one in customer.faq if is_found(query, one.question, one.answer)]
    return visit.page("faq.html", customer=customer, query=query, entries=found)


async def new(visit: Visit) -> web.StreamResponse:
    return _page(visit, shown(dict.fromkeys(LONGEST, "")))


async def add(visit: Visit) -> web.StreamResponse:
    """A new entry comes last."""
    posted = await visit.posted()
    async with visit.changing("faq_added") as change:
        form = sent(posted, dict.fromkeys(LONGEST, ""))
        form = form.with_faults(faults_of(form))
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
    async with visit.changing("faq_saved") as change:
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
    async with visit.changing("faq_deleted") as change:
        stored, entries = _own_entry(visit, change.customer), change.customer.faq
        after = [one for one in entries if one.id != stored.id]
        await faq.store(change.conn, change.customer.id, entries, after)
    return visit.done(PATH, change)


async def move(visit: Visit) -> web.StreamResponse:
    """One place `up` or down: the buttons, without scripts."""
    posted = await visit.posted()
    async with visit.changing("faq_moved") as change:
        stored, entries = _own_entry(visit, change.customer), list(change.customer.faq)
        at = entries.index(stored)
        to = max(0, at - 1) if posted["direction"] == "up" else at + 1
        entries.insert(to, entries.pop(at))
        await faq.store(change.conn, change.customer.id, change.customer.faq, entries)
    return visit.done(PATH, change)


async def put_in_order(visit: Visit) -> web.StreamResponse:
    """The whole list anew, `order`: ids with commas; answers `done` False when the list is another by now."""
    order = (await visit.posted())["order"].split(",")
    async with visit.changing("faq_moved") as change:
        entries = {one.id: one for one in change.customer.faq}
        done = sorted(order) == sorted(entries)
        if done:
            wanted = [entries[one] for one in order]
            await faq.store(change.conn, change.customer.id, change.customer.faq, wanted)
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
