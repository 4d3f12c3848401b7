"""One VIP caller: new or changed, with the number as we understand it and what it meets in the list."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.forms import Form, sent, sent_new, shown
from pbx_bridge.portal.vip_callers import PATH, number_words, own_entry, strange_words
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.editing import vip_callers
from pbx_bridge.storage.ids import new_id
from rules.fault import Fault
from rules.model import Customer, VipCaller
from rules.names import sort_key, split_name
from rules.phone_numbers import normalise_pattern
from rules.vip_entries import KEYS, Clash, read, strange

TYPED = "typed"


async def new(visit: Visit) -> web.StreamResponse:
    return _page(visit, await visit.customer(), shown(_blank(visit)))


async def add(visit: Visit) -> web.StreamResponse:
    """Store a new entry."""
    posted = await visit.posted()
    async with visit.changing("vip_added") as change:
        form = sent_new(posted, _blank(visit))
        entry = _read(change.customer, form, new_id())
        if isinstance(entry, tuple):
            return _page(visit, change.customer, form.with_faults(entry))
        await vip_callers.insert(change.conn, change.customer.id, [entry])
    return visit.done(PATH, change)


async def show(visit: Visit) -> web.StreamResponse:
    customer = await visit.customer()
    stored = own_entry(visit, customer)
    return _page(visit, customer, shown(_texts(stored)), stored)


async def save(visit: Visit) -> web.StreamResponse:
    """Store what changed."""
    posted = await visit.posted()
    async with visit.changing("vip_saved") as change:
        stored = own_entry(visit, change.customer)
        form = sent(posted, _texts(stored))
        entry = _read(change.customer, form, stored.id)
        form = form.with_faults(entry if isinstance(entry, tuple) else ())
        if not form.ready or isinstance(entry, tuple):
            return _page(visit, change.customer, form, stored)
        await vip_callers.update(change.conn, change.customer.id, [entry])
    return visit.done(PATH, change)


async def preview(visit: Visit) -> web.StreamResponse:
    """The number as we understand it, while somebody types."""
    posted, customer = await visit.posted(), await visit.customer()
    form = Form(dict.fromkeys(KEYS, "") | posted)
    spoken, more = _seen(visit, customer, form, posted["vip"])
    return web.json_response({"kind": "wait", "spoken": spoken, "more": more})


def _seen(visit: Visit, customer: Customer, form: Form, known: str) -> tuple[str, str]:
    """Our reading of the number, and what the entry meets."""
    pattern = normalise_pattern(form.values["pattern"], customer.region)
    if not pattern:
        return visit.t("vips.preview.wait"), ""
    owner = customer.employee(form.values["employee"])
    name = form.values["name"].strip() or visit.t("vips.preview.nameless")
    entry = VipCaller(known or TYPED, pattern, name, "", owner.id if owner else None)
    others = [vip for vip in customer.vip_callers if vip.id != entry.id]
    met = [one for one in strange([*others, entry]) if entry in (one.entry, one.other)]
    words = " ".join(strange_words(visit, customer, one)[0] for one in met)
    return visit.t("vips.preview.number", number=number_words(visit, pattern)), words


def _read(customer: Customer, form: Form, vip_id: str) -> VipCaller | tuple[Fault, ...]:
    """The entry, or its faults; the same number for the same people twice is one."""
    entry = read(form.values, customer.region, [one.id for one in customer.employees], vip_id=vip_id)
    if isinstance(entry, tuple):
        return entry
    others = [vip for vip in customer.vip_callers if vip.id != entry.id]
    same = [one for one in strange([*others, entry]) if one.code is Clash.DUPLICATE]
    twin = next((one for one in same if entry in (one.entry, one.other)), None)
    if twin is None:
        return entry
    other = twin.other if twin.entry == entry else twin.entry
    return (Fault("pattern", "vip_duplicate", {"name": other.name}),)


def _blank(visit: Visit) -> dict[str, str]:
    return dict.fromkeys(KEYS, "") | {"employee": visit.request.query.get("mitarbeiter", "")}


def _texts(stored: VipCaller) -> dict[str, str]:
    owner = stored.employee_id or ""
    return {"pattern": stored.pattern, "name": stored.name, "info": stored.info, "employee": owner}


def _page(visit: Visit, customer: Customer, form: Form, stored: VipCaller | None = None) -> web.Response:
    people = sorted(customer.employees, key=lambda one: sort_key(one.name))
    return visit.page(
        "vip_caller.html",
        status=200 if form.ready else 422,
        form=form,
        stored=stored,
        owners=[
            ("", visit.t("vips.company")),
            *((one.id, split_name(one.name).listed) for one in people),
        ],
        seen=_seen(visit, customer, form, stored.id if stored else ""),
    )


ROUTES = (
    Route("portal.vips.new", "GET", f"{PATH}/neu", new),
    Route("portal.vips.new", "POST", f"{PATH}/neu", add),
    Route("portal.vips.preview", "POST", f"{PATH}/vorschau", preview),
    Route("portal.vips.one", "GET", f"{PATH}/{{vip}}", show),
    Route("portal.vips.one", "POST", f"{PATH}/{{vip}}", save),
)
